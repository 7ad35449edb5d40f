/// FNV-1a with 64 bits: it notices a change and tells things apart; it withstands nobody who
/// forges one.
public enum FNV {
  /// The digest of bytes as 16 hexadecimal digits.
  @inlinable
  public static func digest(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
