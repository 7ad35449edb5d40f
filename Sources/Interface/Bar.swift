/// A share of a whole as a horizontal bar, exact to an eighth of a column. Where the terminal shows
/// nothing but ASCII, it becomes `###..`.
public struct Bar: Equatable, Sendable {
  /// What is filled.
  public let filled: String
  /// The rest.
  public let rest: String

  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// Draws a bar. What is not nothing can be seen, and what is not all leaves something.
  ///
  /// - Parameter share: from 0 to 1; what is beyond counts as that.
  public init(_ share: Double, columns: Int) {
    let all = max(0, columns) * 8
    let limited = share.isFinite ? min(max(share, 0), 1) : 0
    var count = Int((limited * Double(all)).rounded())
    if limited > 0 { count = max(count, min(1, all)) }
    if limited < 1 { count = min(count, max(0, all - 1)) }
    let (full, part) = count.quotientAndRemainder(dividingBy: 8)
    filled = String(repeating: "█", count: full) + Self.eighths[part]
    rest = String(repeating: "·", count: all / 8 - full - (part == 0 ? 0 : 1))
  }
}
