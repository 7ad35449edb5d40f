/// A number in digits alone: neither Nix nor /etc/nix/machines reads `1e-05`.
func decimal(_ number: Double) -> String {
  if let whole = Int(exactly: number) { return "\(whole)" }
  let text = "\(number)"
  guard number.isFinite, let mark = text.firstIndex(of: "e"),
    let exponent = Int(text[text.index(after: mark)...])
  else { return text }
  let sign = text.hasPrefix("-") ? "-" : ""
  let parts = text[..<mark].drop { $0 == "-" }.split(separator: ".")
  var digits = String(parts[0]) + (parts.count > 1 && parts[1] != "0" ? parts[1] : "")
  if exponent < 0 {
    return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
  }
  // So large a number is whole; with a point, since it is too large for Nix's whole numbers.
  digits += String(repeating: "0", count: max(0, exponent + 1 - digits.count))
  return "\(sign)\(digits).0"
}
