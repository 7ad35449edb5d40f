import Processes

extension ApplyPlan.Step {
  /// What a step is called.
  public var title: String {
    switch self {
    case .connect: "log in"
    case .look: "look"
    case .copy: "copy"
    case .activate: "switch"
    }
  }

  /// What it is for, in a few words.
  public func purpose(for plan: ApplyPlan) -> String {
    switch self {
    case .connect: "log in; what follows shares this connection, so that ssh asks once"
    case .look: "look what is there; nothing is changed"
    case .copy: "copy the fragment into the home of the account"
    case .activate where plan.login == nil: "switch to the configuration with the fragment"
    case .activate: "put it into its place, and switch to the configuration with it"
    }
  }

  /// Why a command did not do what the step is for; `nil` when it did.
  public func failure(_ ending: Command.Ending) -> String? {
    // The connection stays until it is ended.
    let isStaying = self == .connect
    return switch ending {
    case .exited(0): isStaying ? "ssh ended at once" : nil
    case .exited(255) where isStaying: "ssh could not log in"
    case .exited(let status): "exit status \(status)"
    case .signalled(let number): "ended by signal \(number)"
    case .timedOut: "it took too long"
    case .printedTooMuch(let limit): "it printed more than \(limit)"
    case .cancelled: "cancelled"
    case .missing: "the program is not installed here"
    case .notStarted(let reason): reason
    }
  }
}
