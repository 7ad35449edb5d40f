/// Amounts as they are told to people.
enum Amounts {
  /// Bytes, in Nix's own units: `120 B`, `12.4 KiB`, `1.2 GiB`.
  static func bytes(_ count: Int) -> String {
    if count < 1024 { return "\(max(0, count)) B" }
    var amount = Double(count) / 1024
    for unit in ["KiB", "MiB", "GiB"] {
      if amount < 1023.95 { return "\(oneDecimal(amount)) \(unit)" }
      amount /= 1024
    }
    return "\(oneDecimal(amount)) TiB"
  }

  /// A time that has passed: `0.4 s`, `41 s`, `3 min 12 s`, `1 h 02 min`.
  static func duration(_ seconds: Double) -> String {
    let seconds = seconds.isFinite ? min(max(0, seconds), 359_999_999) : 0
    if seconds < 9.95 { return "\(oneDecimal(seconds)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min"
  }

  /// So many of something: `1 path`, `3,000 paths`.
  static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(number(count)) \(many ?? one + "s")"
  }

  /// `3,000`
  static func number(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  private static func oneDecimal(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
