/// Reads a log as it comes, in pieces cut anywhere: Nix's own (`--log-format internal-json`), what
/// it prints for people, or any other.
///
/// It is made for speed: a line that a build has printed goes straight into the text of the batch,
/// and lines that are not Nix's own do so many at a time. No line is lost.
public struct NixLogReader: ~Copyable {
  /// The beginning of a line whose end has not come.
  private var pending: [UInt8] = []
  /// Whether the beginning of the line that comes was passed on already.
  private var isWithinLine = false
  private var renderer = NixLogRenderer()
  private var plain = PlainNixLog()
  /// Text on its way into the batch.
  private var output = NixLogOutput()
  private var prompts = Prompts()

  private static let firstOfMark = UInt8(ascii: "@")

  /// Creates a reader at the beginning of a log.
  public init() {}

  /// Takes the next piece of the log.
  ///
  /// - Parameters:
  ///   - piece: exchanges its memory with that of the batch's text where that saves copying;
  ///     what is in it then means nothing any more.
  ///   - count: how many of its bytes are the log's.
  public mutating func read(_ piece: inout [UInt8], count: Int, into batch: inout NixLogBatch) {
    let isCopied = piece.withUnsafeBytes {
      read(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &batch, mayLeave: true)
    }
    if isCopied { return }
    swap(&piece, &batch.text)
    batch.text.removeLast(batch.text.count - count)
  }

  /// Takes the next piece of the log.
  public mutating func read(_ piece: UnsafeRawBufferPointer, into batch: inout NixLogBatch) {
    _ = read(piece, into: &batch, mayLeave: false)
  }

  /// Passes on the beginning of a line, unless it is Nix's own, since the rest takes its time.
  public mutating func passOnBegun(into batch: inout NixLogBatch) {
    let mark = UnsafeRawBufferPointer(
      start: NixLogParser.mark.utf8Start, count: NixLogParser.mark.utf8CodeUnitCount)
    if pending.isEmpty || zip(pending, mark).allSatisfy({ $0 == $1 }) { return }
    passOn(&batch)
    plain.settle(&batch)
    writeOut(&batch)
  }

  /// The log has ended: passes on a last line without line end.
  public mutating func finish(into batch: inout NixLogBatch) {
    if pending.isEmpty { return }
    if !takePending(&batch) { passOn(&batch) }
    plain.settle(&batch)
    writeOut(&batch)
  }

  // MARK: - Pieces

  /// - Parameter mayLeave: whether a piece that is the batch's text as it is need not be copied.
  /// - Returns: whether all that is text was put into the batch; if not, it is the whole piece.
  private mutating func read(
    _ piece: UnsafeRawBufferPointer, into batch: inout NixLogBatch, mayLeave: Bool
  ) -> Bool {
    var start = 0
    // What is passed on as it came begins here.
    var verbatim = 0
    if isWithinLine {
      start = piece.firstIndex(of: .lineFeed, from: 0).map { $0 + 1 } ?? piece.count
      isWithinLine = piece.last != .lineFeed && start == piece.count
    } else if !pending.isEmpty {
      start = piece.firstIndex(of: .lineFeed, from: 0).map { $0 + 1 } ?? piece.count
      goOn(UnsafeRawBufferPointer(rebasing: piece[..<start]), &batch)
      verbatim = start
    }
    var nobodys = 0
    while let end = piece.firstIndex(of: .lineFeed, from: start) {
      let first = piece[start]
      if first != Self.firstOfMark, plain.isNothing(first) {
        nobodys += 1
      } else {
        if nobodys > 0 { batch.add(lines: nobodys, of: 0) }
        nobodys = 0
        takeLine(start..<end, of: piece, &verbatim, &batch)
      }
      start = end + 1
    }
    if start < piece.count, piece[start] != Self.firstOfMark, plain.isNothing(piece[start]) {
      nobodys += 1
      isWithinLine = true
      start = piece.count
    }
    if nobodys > 0 { batch.add(lines: nobodys, of: 0) }
    let isWhole = mayLeave && verbatim == 0 && start == piece.count
    if isWhole, batch.text.isEmpty, output.count == 0 {
      plain.settle(&batch)
      return false
    }
    output.append(UnsafeRawBufferPointer(rebasing: piece[verbatim..<max(start, verbatim)]))
    pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[start...]))
    if pending.count > NixLogParser.longestLine { passOn(&batch) }
    plain.settle(&batch)
    writeOut(&batch)
    return true
  }

  private mutating func writeOut(_ batch: inout NixLogBatch) {
    batch.text.append(contentsOf: output.bytes)
    output.removeAll()
  }

  /// Takes a line, which is Nix's own or becomes a part of what is passed on as it came.
  private mutating func takeLine(
    _ range: Range<Int>, of piece: UnsafeRawBufferPointer, _ verbatim: inout Int,
    _ batch: inout NixLogBatch
  ) {
    let line = UnsafeRawBufferPointer(rebasing: piece[range])
    guard piece[range.lowerBound] == Self.firstOfMark else { return plain.take(line, &batch) }
    output.append(UnsafeRawBufferPointer(rebasing: piece[verbatim..<range.lowerBound]))
    if take(line, &batch) {
      verbatim = range.upperBound + 1
    } else {
      verbatim = range.lowerBound
      plain.take(line, &batch)
    }
  }

  // MARK: - A line in several pieces

  /// Takes the rest of a line, up to and with its end where that has come.
  private mutating func goOn(_ rest: UnsafeRawBufferPointer, _ batch: inout NixLogBatch) {
    let ends = rest.last == .lineFeed
    pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest.dropLast(ends ? 1 : 0)))
    if !ends {
      if pending.count > NixLogParser.longestLine { passOn(&batch) }
    } else if !takePending(&batch) {
      passOn(&batch)
      output.append(.lineFeed)
      isWithinLine = false
    }
  }

  /// Takes the line if it is one of Nix's own.
  private mutating func takePending(_ batch: inout NixLogBatch) -> Bool {
    let line = pending
    guard line.withUnsafeBytes({ take($0, &batch) }) else { return false }
    forgetPending()
    return true
  }

  private mutating func passOn(_ batch: inout NixLogBatch) {
    output.append(pending)
    pending.withUnsafeBytes { plain.take($0, &batch) }
    forgetPending()
    isWithinLine = true
  }

  private mutating func forgetPending() {
    pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16)
  }

  // MARK: - Lines of Nix's own

  /// Takes a line if it is one of Nix's own.
  private mutating func take(_ line: UnsafeRawBufferPointer, _ batch: inout NixLogBatch) -> Bool {
    if let printed = PrintedNixLine(line) { return take(printed, of: line, &batch) }
    guard let object = NixLogParser.object(in: line), let line = NixLogLine(object) else {
      return false
    }
    if let progress = line.progress {
      plain.settle(&batch)
      batch.add(progress, of: line.id)
      return true
    }
    guard let event = line.event else { return false }
    plain.settle(&batch)
    var text: [UInt8] = []
    renderer.append(event, to: &text)
    output.append(text)
    let lines = text.count { $0 == .lineFeed }
    switch event {
    case .buildLine(let id, _), .hookLine(let id, _): batch.add(lines: lines, of: id)
    case .started(let id, _, _, _), .stopped(let id):
      prompts.forget(id)
      batch.add(event, lines: lines)
    default: batch.add(event, lines: lines)
    }
    return true
  }

  private mutating func take(
    _ printed: PrintedNixLine, of line: UnsafeRawBufferPointer, _ batch: inout NixLogBatch
  ) -> Bool {
    let start = output.count
    output.append(prompts.prompt(of: printed.id, from: renderer))
    // A line end within the text is possible, though Nix makes none.
    guard let lineEnds = output.append(text: printed.text, of: line) else {
      output.shorten(to: start)
      return false
    }
    output.append(.lineFeed)
    plain.settle(&batch)
    batch.add(lines: 1 + lineEnds, of: printed.id)
    return true
  }
}

/// What stands before the lines of those builds that print now.
private struct Prompts {
  private static let places: UInt64 = 16
  private var cached = Array(repeating: (id: UInt64.max, text: [UInt8]()), count: Int(places))

  mutating func prompt(of id: UInt64, from renderer: borrowing NixLogRenderer) -> [UInt8] {
    let place = Int(id % Self.places)
    if cached[place].id != id { cached[place] = (id, renderer.prompt(of: id)) }
    return cached[place].text
  }

  /// Something else is known of a build from now on.
  mutating func forget(_ id: UInt64) { cached[Int(id % Self.places)].id = .max }
}

extension UInt8 {
  package static let lineFeed = UInt8(ascii: "\n")
}
