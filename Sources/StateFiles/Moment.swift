import Glibc

/// A moment by the clock on the wall.
public struct Moment: Hashable, Comparable, Sendable {
  /// Seconds since 1970, without leap seconds.
  public var seconds: Double

  /// Creates a moment from seconds since 1970.
  public init(seconds: Double) { self.seconds = seconds }

  /// What the clock shows now.
  public static func now() -> Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  /// The moment so many seconds later.
  public static func + (moment: Moment, seconds: Double) -> Moment {
    Moment(seconds: moment.seconds + seconds)
  }

  /// Earlier moments come first.
  public static func < (one: Moment, other: Moment) -> Bool { one.seconds < other.seconds }

  /// How long ago it was, in two or three words: `just now`, `5 min ago`, `2 h ago`, `3 d ago`.
  ///
  /// A clock that was put back makes a moment lie ahead; that counts as just now.
  public func age(at now: Moment) -> String { span(to: now).map { "\($0) ago" } ?? "just now" }

  /// How long it is to another moment: `5 min`, `2 h`, `3 d`; `nil` below a minute.
  public func span(to end: Moment) -> String? {
    count(to: end).map { "\($0.number) \($0.unit.rawValue)" }
  }

  /// The same in six columns at most: `now`, `5 min`, `23 h`, `99 d`, `23 mon`, `12 y`.
  public func shortSpan(to end: Moment) -> String {
    guard let (number, unit) = count(to: end) else { return "now" }
    switch unit {
    case .months: return "\(number) mon"
    case .years: return "\(min(number, 9999)) y"
    case .minutes, .hours, .days: return "\(number) \(unit.rawValue)"
    }
  }

  private enum Unit: String {
    case minutes = "min"
    case hours = "h"
    case days = "d"
    case months, years
  }

  /// The time to another moment in the unit that tells it; `nil` below a minute.
  private func count(to end: Moment) -> (number: Int, unit: Unit)? {
    let minutes = Int(max(0, min((end.seconds - seconds) / 60, 1e9)))
    let (hour, day) = (60, 24 * 60)
    switch minutes {
    case 0: return nil
    case ..<hour: return (minutes, .minutes)
    case ..<day: return (minutes / hour, .hours)
    case ..<(100 * day): return (minutes / day, .days)
    case ..<(730 * day): return (minutes / (30 * day), .months)
    default: return (minutes / (365 * day), .years)
    }
  }
}

extension Moment: Codable {
  /// Reads a number of seconds.
  public init(from decoder: any Decoder) throws {
    seconds = try decoder.singleValueContainer().decode(Double.self)
  }

  /// Writes the number of seconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(seconds)
  }
}
