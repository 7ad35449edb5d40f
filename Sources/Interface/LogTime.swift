/// When a line of a log came, in as many columns whatever the time.
enum LogTime {
  /// With the blank behind it.
  static let columns = 9

  /// Since the log began: `0:07.3`, `59:59.9`, `1:00:00`.
  static func elapsed(_ seconds: Double) -> String {
    let tenths = Int((min(max(0, seconds), 359_999) * 10).rounded(.down))
    let (minutes, rest) = (tenths / 600, tenths % 600)
    if minutes < 60 { return "\(minutes):\(twoDigits(rest / 10)).\(rest % 10)" }
    return "\(minutes / 60):\(twoDigits(minutes % 60)):\(twoDigits(rest / 10))"
  }

  /// By the time of day: `07:04:59`.
  static func ofDay(_ seconds: Double) -> String {
    let day = 86_400.0
    let second = Int(seconds - (seconds / day).rounded(.down) * day)
    return "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
