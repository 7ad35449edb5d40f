import Terminal

/// A sign for an outcome, readable without colour.
public enum Mark: Hashable, Sendable {
  /// It has not begun.
  case waiting
  /// It is on its way.
  case running
  /// It was seen working.
  case passed
  /// It was seen failing.
  case failed
  /// It cannot work before something else is done.
  case notYet
  /// Somebody has to decide.
  case undecided
  /// It was not tried.
  case skipped
  /// Somebody has stopped it before its end.
  case interrupted

  private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

  /// The sign, one column wide.
  ///
  /// - Parameter frame: counts on while something moves; it turns the sign of what is running.
  public func sign(frame: Int) -> String {
    switch self {
    case .waiting: "·"
    case .running:
      Self.spinner[Int(frame.magnitude % UInt(Self.spinner.count))]
    case .passed: "✓"
    case .failed: "✗"
    case .notYet: "○"
    case .undecided: "?"
    case .skipped: "–"
    case .interrupted: "■"
    }
  }

  /// The look of the sign.
  public var style: Style {
    switch self {
    case .waiting, .skipped: Theme.muted
    case .running: Theme.accent
    case .passed: Theme.success
    case .failed: Theme.failure
    case .notYet, .undecided, .interrupted: Theme.warning
    }
  }
}
