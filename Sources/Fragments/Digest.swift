/// The digest of a fragment, by which an edit made by hand is seen.
///
/// It is FNV-1a with 64 bits: it has to notice a change, not to withstand somebody who forges one.
enum Digest {
  static let mark = "# Digest: "

  /// The digest of bytes as 16 hexadecimal digits.
  static func of(_ pieces: [ArraySlice<UInt8>]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for piece in pieces {
      for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

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
        return written.elementsEqual(of(rest).utf8) ? .intact : .broken
      }
      if end == bytes.endIndex { break }
      start = end + 1
    }
    return .absent
  }
}
