/// What is shown of one line of a log, and how it is divided.
///
/// A line is laid out in pieces of 16 KiB, each of which starts plain and anew, so that drawing any
/// part of a line of any length costs no more than a piece or two. In a line of more than one piece
/// a tab is one blank: then no piece has more columns than bytes, and a piece's place in the line
/// follows from its number.
struct LogLine {
  static let pieceLength = 16 * 1024

  /// Where the bytes are that are shown; `nil` when they are not kept.
  let range: Range<Int>?
  private let store: LogStore
  /// The bytes of a line of one piece.
  private let bytes: [UInt8]?

  init(_ index: Int, in store: LogStore) {
    self.store = store
    guard let range = store.range(ofLine: index) else {
      self.range = nil
      bytes = nil
      return
    }
    // What is left of a longer line by a carriage return is looked for in its last pieces.
    let tail = max(range.lowerBound, range.upperBound - 4 * Self.pieceLength)..<range.upperBound
    guard let bytes = store.bytes(in: tail) else {
      self.range = range
      self.bytes = nil
      return
    }
    let part = bytes.withUnsafeBytes { AnsiText.shown($0) }
    let start = part.lowerBound == 0 ? range.lowerBound : tail.lowerBound + part.lowerBound
    let shown = start..<tail.lowerBound + part.upperBound
    self.range = shown
    self.bytes = shown.count <= Self.pieceLength ? Array(bytes[part.suffix(shown.count)]) : nil
  }

  var pieceCount: Int {
    guard let range else { return 1 }
    return max(1, (range.count + Self.pieceLength - 1) / Self.pieceLength)
  }

  /// The most columns that the line can take, or those it takes where that is soon known.
  var columns: Int {
    if pieceCount > 1, let range { return range.count }
    return text(ofPiece: 0)?.columns ?? 0
  }

  /// A piece as it is shown; `nil` when it is not kept.
  ///
  /// - Parameter limit: how many columns are wanted.
  func text(ofPiece piece: Int, limit: Int = .max) -> AnsiText? {
    guard let range else { return nil }
    if let bytes {
      return bytes.withUnsafeBytes { AnsiText(part: $0, limit: limit) }
    }
    let tab = pieceCount > 1 ? 1 : 8
    let part = start(ofPiece: piece, in: range)..<start(ofPiece: piece + 1, in: range)
    return store.bytes(in: part)?.withUnsafeBytes { AnsiText(part: $0, tab: tab, limit: limit) }
  }

  /// The place where a piece starts: moved back to the start of a character or of a short escape
  /// sequence that would otherwise be torn.
  private func start(ofPiece piece: Int, in range: Range<Int>) -> Int {
    let nominal = range.lowerBound + piece * Self.pieceLength
    if piece == 0 || nominal >= range.upperBound { return min(nominal, range.upperBound) }
    let lookBehind = 64
    guard let bytes = store.bytes(in: nominal - lookBehind..<nominal + 1) else { return nominal }
    return bytes.withUnsafeBytes { bytes in
      if let escape = bytes.lastIndex(of: .escape, before: lookBehind) {
        let before = UnsafeRawBufferPointer(rebasing: bytes[..<lookBehind])
        if AnsiEscape.read(before, at: escape).0 == .unfinished {
          return nominal - lookBehind + escape
        }
      }
      var start = lookBehind
      while start > lookBehind - 3, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      return bytes[start] & 0xC0 == 0x80 ? nominal : nominal - lookBehind + start
    }
  }
}
