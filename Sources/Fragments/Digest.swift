import Base

/// The digest of a fragment, by which an edit made by hand is seen.
enum Digest {
  static let mark = "# Digest: "

  /// What a file's digest says of it.
  enum Verdict: Equatable {
    /// It has none: this program did not write it.
    case absent
    /// It is as this program wrote it.
    case intact
    /// It was edited since.
    case broken
  }

  /// Compares a file with the digest in its header. The header, too, must be as it was: the digest
  /// is that of all other lines.
  static func verdict(on bytes: [UInt8]) -> Verdict {
    let mark = Array(mark.utf8)
    var start = bytes.startIndex
    // The header is short; a line further down is none of it.
    for _ in 0..<5 {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
      if bytes[start..<end].starts(with: mark) {
        let written = bytes[start..<end].dropFirst(mark.count)
        let rest = [bytes[..<start], bytes[min(end + 1, bytes.endIndex)...]]
        return written.elementsEqual(FNV.digest(rest.joined()).utf8) ? .intact : .broken
      }
      if end == bytes.endIndex { break }
      start = end + 1
    }
    return .absent
  }
}
