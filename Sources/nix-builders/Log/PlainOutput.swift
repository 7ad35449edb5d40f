import Checks
import Glibc
import Interface
import Nix
import Screens
import SystemPackage

/// A log as lines of text on standard output, where there is no terminal to look at it.
struct PlainOutput {
  private var log: BuildLog
  /// The beginning of a line, kept until its end comes, since only then is it known what of it
  /// stays.
  private var begun: [UInt8] = []
  private let began = ContinuousClock.now

  init(isTimed: Bool) { log = BuildLog(isTimed: isTimed) }

  /// Prints a log as it comes, and what it comes to.
  ///
  /// - Returns: the log, and why it could not be read further.
  static func print(from descriptor: Int32, isTimed: Bool) -> (log: BuildLog, problem: String?) {
    var output = PlainOutput(isTimed: isTimed)
    var problem: String?
    LogPipe.read(descriptor) { piece in
      switch piece {
      case .batch(let batch): output.take(batch)
      case .end(let fault):
        problem = fault
        output.end()
      }
    }
    return (output.log, problem)
  }

  private var now: Double { began.duration(to: .now).seconds }

  private mutating func take(_ batch: NixLogBatch) {
    log.take(batch, at: now)
    guard let end = batch.text.lastIndex(of: Self.lineFeed) else {
      begun += batch.text
      return
    }
    let lines = begun + batch.text[...end]
    begun = Array(batch.text[(end + 1)...])
    if Self.isPlain(lines) { return Self.write(lines) }
    var text: [UInt8] = []
    text.reserveCapacity(lines.count)
    var rest = lines[...]
    while let end = rest.firstIndex(of: Self.lineFeed) {
      Self.append(Array(rest[..<end]), to: &text)
      rest = rest[(end + 1)...]
    }
    Self.write(text)
  }

  private mutating func end() {
    var text: [UInt8] = []
    if !begun.isEmpty { Self.append(begun, to: &text) }
    Self.write(text)
    log.end(at: now)
  }

  private static let lineFeed = UInt8(ascii: "\n")

  /// Most lines are printed as they are; those with something in them that does something to a
  /// terminal are not.
  private static func append(_ line: [UInt8], to text: inout [UInt8]) {
    if isPlain(line) {
      text += line
    } else {
      for span in AnsiText(line).spans { text += span.text.utf8 }
    }
    text.append(lineFeed)
  }

  /// Whether there is nothing in a text but printable ASCII, tabs and line ends.
  private static func isPlain(_ text: [UInt8]) -> Bool {
    // Without a way out in the middle, so that many bytes are looked at in one go.
    text.withUnsafeBufferPointer { text in
      var others: UInt8 = 0
      for byte in text {
        let isPrintable = byte &- 0x20 < 0x5F
        others |= isPrintable || byte == lineFeed || byte == 0x09 ? 0 : 1
      }
      return others == 0
    }
  }

  private static func write(_ text: [UInt8]) { Output.log(text) }
}
