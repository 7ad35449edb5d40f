/// Why a machine gets a build.
public enum RouteReason: Equatable, Sendable {
  /// No other builder fits and has a free slot.
  case onlyOne
  /// Its load, jobs in use by speed factor, is lower than that of the second best.
  case lowerLoad(jobs: Int, speed: String, than: String, itsJobs: Int, itsSpeed: String)
  /// Its load is as low as the second best's, and it is faster.
  case faster(speed: String, than: String, itsSpeed: String)
  /// As the second best, and fewer of its jobs are in use.
  case fewerJobs(jobs: Int, than: String, itsJobs: Int)
  /// As good as the second best, and before it in the list.
  case first(before: String)
  /// The local machine can build it, and the derivation asks for that.
  case preferLocalBuild
  /// What is built again is built on the local machine.
  case rebuild
  /// The local machine is left: Nix is told of no builders.
  case noBuilders
  /// The local machine is left: no builder fits.
  case noneFits
  /// The local machine is left: those that fit have no free slot.
  case noFreeSlot

  var text: String {
    switch self {
    case .onlyOne: "no other builder fits and has a free slot"
    case .lowerLoad(let jobs, let speed, let other, let itsJobs, let itsSpeed):
      "\(inUse(jobs)) in use at speed factor \(speed) is less load than \(other)'s \(itsJobs) at "
        + itsSpeed
    case .faster(let speed, let other, let itsSpeed):
      "no builder has less to do, and its speed factor \(speed) is higher than \(other)'s "
        + itsSpeed
    case .fewerJobs(let jobs, let other, let itsJobs):
      "it is as fast as \(other) and has less to do, \(inUse(jobs)) against \(itsJobs)"
    case .first(let other): "it is as good as \(other) and stands before it in the list"
    case .preferLocalBuild: "the derivation asks to be built here (preferLocalBuild)"
    case .rebuild: "what is built again is built here"
    case .noBuilders: "Nix is told of no builders"
    case .noneFits: "no builder fits"
    case .noFreeSlot: "no builder that fits has a free slot"
    }
  }

  private func inUse(_ jobs: Int) -> String { jobs == 1 ? "1 job" : "\(jobs) jobs" }
}

/// A rule of Nix's by which a machine does not get a build.
public enum RouteRule: Equatable, Sendable {
  /// The builder is off in the inventory.
  case disabled
  /// Nix is told of no builders.
  case distributedBuildsOff
  /// The machine builds only for other systems.
  case system(String, offered: [String])
  /// The machine does not have these features.
  case features([String])
  /// The builder wants builds that require these features, and this one does not.
  case mandatory([String])
  /// The builder's jobs are 0.
  case noJobs
  /// All of the builder's jobs are in use.
  case noFreeSlot(jobs: Int)
  /// The local machine's `max-jobs` is 0.
  case maxJobsZero
  /// The derivation asks for the local machine, which can build it.
  case localFirst
  /// What is built again is built on the local machine.
  case rebuildStaysHere
  /// Nix cannot read the line of this builder, and so uses none.
  case listRefused(by: String, String)
  /// Builders that fit are awaited instead.
  case buildersAwaited

  /// Its name in `route --json`.
  public var id: String {
    switch self {
    case .disabled: "disabled"
    case .distributedBuildsOff: "distributed-builds-off"
    case .system: "system"
    case .features: "features"
    case .mandatory: "mandatory-features"
    case .noJobs: "no-jobs"
    case .noFreeSlot: "no-free-slot"
    case .maxJobsZero: "max-jobs-zero"
    case .localFirst: "local-first"
    case .rebuildStaysHere: "rebuild-stays-here"
    case .listRefused: "list-refused"
    case .buildersAwaited: "builders-awaited"
    }
  }

  /// The rule as it applies here, as a part of a sentence.
  public var text: String {
    switch self {
    case .disabled: "it is off"
    case .distributedBuildsOff: "Nix is told of no builders (nix.distributedBuilds is off)"
    case .system(let system, let offered):
      "it does not build for \(system)"
        + (offered.isEmpty ? "" : ", only for \(listing(offered))")
    case .features(let missing): "it does not have \(listing(missing))"
    case .mandatory(let features): "it takes only builds that require \(listing(features))"
    case .noJobs: "its jobs are set to 0"
    case .noFreeSlot(let jobs):
      jobs == 1 ? "its only job is in use" : "all its \(jobs) jobs are in use"
    case .maxJobsZero: "max-jobs is 0"
    case .localFirst: "the derivation asks to be built here, and it can be"
    case .rebuildStaysHere: "what is built again is built on this machine only"
    case .listRefused(let name, let reason):
      "Nix refuses the list of builders because of \(name): \(reason)"
    case .buildersAwaited: "Nix waits for a builder that fits"
    }
  }
}
