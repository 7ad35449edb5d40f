import Base
import Terminal

/// One line of a program's output as it can be shown: its text with colours, and nothing in it that
/// does anything to a terminal.
///
/// Colours and attributes are kept, all other escape sequences are left out. Each line starts
/// plain, whatever the line before it has set, so that a line looks the same wherever one comes
/// from. Tabs become blanks, invalid UTF-8 U+FFFD, other control characters `·`.
public struct AnsiText {
  /// What is shown, in UTF-8.
  private(set) var text: [UInt8] = []
  /// Where a style begins in the text; the first one at 0.
  private(set) var runs: [(start: Int, style: Style)] = []
  /// How many columns the text takes.
  private(set) var columns = 0

  /// A piece of text in one style.
  public struct Span: Equatable, Sendable {
    /// The text.
    public var text: String
    /// How it looks.
    public var style: Style
  }

  /// Reads the bytes of a line, without its end. Where carriage returns make it overwrite itself,
  /// the last of its texts counts.
  public init(_ line: some Collection<UInt8>) {
    let bytes = Array(line)
    self = bytes.withUnsafeBytes {
      AnsiText(part: UnsafeRawBufferPointer(rebasing: $0[Self.shown($0)]))
    }
  }

  /// Reads a line, or a part of one, in which carriage returns are control characters like others.
  ///
  /// - Parameters:
  ///   - tab: how far apart the tab stops are.
  ///   - limit: how many columns are wanted.
  init(part bytes: UnsafeRawBufferPointer, tab: Int = 8, limit: Int = .max) {
    var style = Style.plain
    text.reserveCapacity(min(bytes.count, limit))
    runs.append((0, style))
    var index = 0
    while index < bytes.count, columns < limit {
      let byte = bytes[index]
      switch byte {
      case 0x20...0x7E:
        let start = index
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] < 0x7F { index += 1 }
        index = start + min(index - start, limit - columns)
        text.append(contentsOf: bytes[start..<index])
        columns += index - start
      case .escape:
        let (escape, end) = AnsiEscape.read(bytes, at: index)
        if case .rendition(let parameters) = escape {
          style.applyRendition(UnsafeRawBufferPointer(rebasing: bytes[parameters]))
          begin(style)
        }
        index = end
      case .tab:
        let width = tab - columns % tab
        text.append(contentsOf: repeatElement(0x20, count: width))
        columns += width
        index += 1
      case 0..<0x20, 0x7F:
        append(Self.dot)
        index += 1
      default:
        let (scalar, length) = Self.decode(bytes, at: index)
        append(scalar)
        index += length
      }
    }
  }

  /// The text in pieces of one style each.
  public var spans: [Span] {
    runs.indices.compactMap { index in
      let end = index + 1 < runs.count ? runs[index + 1].start : text.count
      if runs[index].start == end { return nil }
      return Span(
        text: String(decoding: text[runs[index].start..<end], as: UTF8.self),
        style: runs[index].style)
    }
  }

  private mutating func begin(_ style: Style) {
    if runs[runs.count - 1].start == text.count {
      runs[runs.count - 1].style = style
    } else if runs[runs.count - 1].style != style {
      runs.append((text.count, style))
    }
  }

  private static let dot: Unicode.Scalar = "·"

  private mutating func append(_ scalar: Unicode.Scalar) {
    var shown = scalar
    switch scalar.properties.generalCategory {
    // Marks of direction and the like would change the order of what stands beside them.
    case .format: return
    case .control, .lineSeparator, .paragraphSeparator: shown = Self.dot
    default: if !scalar.isVisible { return }
    }
    text.append(contentsOf: shown.utf8)
    columns += TextWidth.columns(of: shown)
  }

  // MARK: - Bytes

  /// Reads a character of more than one byte; U+FFFD for the longest part that can begin one, or
  /// for one byte that cannot.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, at start: Int
  ) -> (scalar: Unicode.Scalar, length: Int) {
    let first = bytes[start]
    // The second byte's range keeps overlong forms, surrogates and what is beyond U+10FFFF out.
    let (count, second): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (1, 0...0)
      }
    if count == 1 { return ("\u{FFFD}", 1) }
    var value = UInt32(first) & (0x7F >> UInt32(count))
    for offset in 1..<count {
      let allowed = offset == 1 ? second : 0x80...0xBF
      guard start + offset < bytes.count, allowed.contains(bytes[start + offset]) else {
        return ("\u{FFFD}", offset)
      }
      value = value << 6 | UInt32(bytes[start + offset] & 0x3F)
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", count)
  }

  /// The part of a line that a terminal would leave standing: what comes after the last carriage
  /// return that something is shown after. Blanks show nothing; they are written to erase.
  static func shown(_ line: UnsafeRawBufferPointer) -> Range<Int> {
    guard line.firstIndex(of: .carriageReturn, from: 0) != nil else { return 0..<line.count }
    var end = line.count
    var last: Range<Int>?
    while true {
      let start = line.lastIndex(of: .carriageReturn, before: end).map { $0 + 1 } ?? 0
      if last == nil, start < end { last = start..<end }
      if showsSomething(UnsafeRawBufferPointer(rebasing: line[start..<end])) { return start..<end }
      if start == 0 { return last ?? 0..<0 }
      end = start - 1
    }
  }

  private static func showsSomething(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
      if bytes[index] == .escape {
        index = AnsiEscape.read(bytes, at: index).end
      } else if bytes[index] > 0x20 {
        return true
      } else {
        index += 1
      }
    }
    return false
  }
}
