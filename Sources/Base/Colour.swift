/// A text without ANSI escape sequences (ECMA-48 CSI) and carriage returns.
package func withoutColour(_ text: String) -> String {
  var plain: [UInt8] = []
  var bytes = Array(text.utf8)[...]
  while let byte = bytes.popFirst() {
    if byte == 0x1B, bytes.first == UInt8(ascii: "[") {
      bytes = bytes.drop { !(0x40...0x7E).contains($0) || $0 == UInt8(ascii: "[") }.dropFirst()
    } else if byte != 0x0D {
      plain.append(byte)
    }
  }
  return String(decoding: plain, as: UTF8.self)
}
