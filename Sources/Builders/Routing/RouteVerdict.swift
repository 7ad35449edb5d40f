/// What becomes of one machine when Nix looks for somebody to build something.
public struct RouteVerdict: Equatable, Sendable {
  /// Which machine it is about.
  public enum Machine: Equatable, Sendable {
    /// The local machine.
    case local
    /// The builder at this place in the list.
    case builder(Int)
  }

  /// What becomes of it.
  public enum Outcome: Equatable, Sendable {
    /// It gets the build, and why before all others.
    case takes(RouteReason)
    /// It fits, but all its jobs are in use, and nobody else can build it now: Nix waits for the
    /// first slot that is free.
    case waits
    /// It gets the build when the machine of this name, or every builder, turns out unreachable.
    case next(after: String?)
    /// It does not get the build, by these rules.
    case ruledOut([RouteRule])
  }

  /// Which machine it is about.
  public var machine: Machine
  /// What people call it; `This machine` for the local one.
  public var name: String
  /// What becomes of it.
  public var outcome: Outcome
  /// How many of its jobs are in use; `nil` for the local machine.
  public var jobsInUse: Int?
  /// How many jobs it has.
  public var maxJobs: Int

  /// Whether it gets the build, now or as soon as a job ends.
  public var getsBuild: Bool {
    switch outcome {
    case .takes, .waits: true
    case .next, .ruledOut: false
    }
  }

  /// The verdict as a sentence for people.
  public var sentence: String {
    switch outcome {
    case .takes(let reason): "\(name) takes it: \(reason.text)."
    case .waits:
      "\(name) takes it later: all its jobs (\(maxJobs)) are in use, and Nix waits for the first "
        + "that ends."
    case .next(let other?): "\(name) is next, if \(other) cannot be reached."
    case .next(nil): "\(name) is next, if no builder can be reached."
    case .ruledOut(let rules):
      "\(name) does not get it: \(rules.map(\.text).joined(separator: "; "))."
    }
  }
}
