/// Numbers as people write them; the standard library knows no formats.
enum Decimals {
  /// A number without a decimal point where it needs none.
  static func shortest(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  /// Seconds with so many decimals, rounded; less exact the longer it took.
  static func seconds(_ seconds: Double, decimals: Int = 2) -> String {
    // A clock that was set may give anything.
    let limited = seconds.isFinite ? min(max(0, seconds), 999_999) : 0
    let decimals = limited >= 100 ? 0 : limited >= 10 ? min(1, decimals) : decimals
    let scale = decimals == 0 ? 1 : decimals == 1 ? 10 : 100
    let scaled = Int((limited * Double(scale)).rounded())
    if scale == 1 { return "\(scaled)" }
    let fraction = "\(scaled % scale)"
    let zeros = String(repeating: "0", count: max(0, min(decimals, 2) - fraction.count))
    return "\(scaled / scale).\(zeros)\(fraction)"
  }
}
