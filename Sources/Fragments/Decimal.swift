import Base

/// A number in digits alone: neither Nix nor /etc/nix/machines reads `1e-05`.
func decimal(_ number: Double) -> String {
  if let whole = Int(exactly: number) { return "\(whole)" }
  let text = "\(number)".unicodeScalars
  guard number.isFinite, let (factor, power) = text.cut(at: "e"),
    let exponent = Int(String(power))
  else { return String(text) }
  let sign = factor.first == "-" ? "-" : ""
  let parts = factor.drop { $0 == "-" }.split(separator: ".").map { String($0) }
  var digits = parts[0] + (parts.count > 1 && parts[1] != "0" ? parts[1] : "")
  if exponent < 0 {
    return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
  }
  // So large a number is whole; with a point, since it is too large for Nix's whole numbers.
  digits += String(repeating: "0", count: max(0, exponent + 1 - digits.utf8.count))
  return "\(sign)\(digits).0"
}
