/// Which machine gets a build, by Nix's own rules: those of its scheduler (`DerivationGoal`, later
/// `DerivationBuildingGoal`) and of its build hook (`build-remote.cc`), from 2.8 to 2.35.
public enum Route {
  /// Goes through the rules for each builder and for the local machine, as if nothing else were
  /// being built here. It concerns the build alone, not what it depends on.
  ///
  /// - Returns: a verdict for each machine: the one that gets the build (or those that are waited
  ///   for) first, then those that would be next in their order, then those that are ruled out.
  public static func decide(
    _ request: RouteRequest, in situation: RouteSituation
  ) -> [RouteVerdict] {
    let local = situation.local
    let here = local.obstacles(to: request)
    if request.isRebuild, local.maxJobs > 0 || situation.rules.rebuildsStayHere || here.isEmpty {
      return stays(situation, here, .rebuild, .rebuildStaysHere)
    }
    if request.preferLocalBuild, here.isEmpty {
      return stays(situation, here, .preferLocalBuild, .localFirst)
    }
    return asksBuilders(request, situation, here)
  }

  /// Only the local machine is asked.
  private static func stays(
    _ situation: RouteSituation, _ here: [RouteRule], _ reason: RouteReason, _ rule: RouteRule
  ) -> [RouteVerdict] {
    let local = verdict(situation.local, here.isEmpty ? .takes(reason) : .ruledOut(here))
    let builders = situation.builders.indices.map { index in
      verdict(situation, index, .ruledOut(situation.builders[index].enabled ? [rule] : [.disabled]))
    }
    return here.isEmpty ? [local] + builders : builders + [local]
  }

  /// The builders are asked, and the local machine when none of them wants it.
  private static func asksBuilders(
    _ request: RouteRequest, _ situation: RouteSituation, _ here: [RouteRule]
  ) -> [RouteVerdict] {
    let local = situation.local
    let told = local.distributedBuilds ? situation.builders.filter(\.enabled) : []
    if let (name, fault) = told.lazy.compactMap({ builder in
      situation.rules.fault(of: builder).map { (builder.name, $0) }
    }).first {
      let refused = [RouteRule.listRefused(by: name, fault)]
      return situation.builders.indices.map { index in
        let enabled = situation.builders[index].enabled
        return verdict(situation, index, .ruledOut(enabled ? refused : [.disabled]))
      } + [verdict(local, .ruledOut(refused))]
    }

    var obstacles = situation.builders.map { $0.obstacles(to: request) }
    if !local.distributedBuilds {
      for index in obstacles.indices { obstacles[index] = [.distributedBuildsOff] }
    }
    // One without jobs has the right type for Nix, which then waits for it for ever.
    let fitting = obstacles.indices.filter { obstacles[$0].isEmpty || obstacles[$0] == [.noJobs] }
    let race = SlotRace(fitting, in: situation)
    let waits = !(race.full.isEmpty || local.couldBuildMeanwhile(request))
    let full = race.full.filter { obstacles[$0].isEmpty }
    for index in full {
      obstacles[index] = [.noFreeSlot(jobs: situation.builders[index].maxJobs)]
    }

    var verdicts = race.order.enumerated().map { place, index in
      verdict(
        situation, index,
        place == 0
          ? .takes(race.advantageOfFirst(in: situation))
          : .next(after: situation.builders[race.order[place - 1]].name))
    }
    if race.order.isEmpty, waits {
      verdicts += full.map { verdict(situation, $0, .waits) }
    } else if here.isEmpty, !waits {
      let reason: RouteReason =
        told.isEmpty ? .noBuilders : race.full.isEmpty ? .noneFits : .noFreeSlot
      verdicts.append(verdict(local, race.order.isEmpty ? .takes(reason) : .next(after: nil)))
    }
    let decided = Set(verdicts.map(\.place))
    verdicts += obstacles.indices.filter { !decided.contains($0) }.map {
      verdict(situation, $0, .ruledOut(obstacles[$0]))
    }
    if !decided.contains(nil) {
      verdicts.append(verdict(local, .ruledOut(here.isEmpty ? [.buildersAwaited] : here)))
    }
    return verdicts
  }

  private static func verdict(
    _ situation: RouteSituation, _ index: Int, _ outcome: RouteVerdict.Outcome
  ) -> RouteVerdict {
    let builder = situation.builders[index]
    return RouteVerdict(
      machine: .builder(index), name: builder.name, outcome: outcome,
      jobsInUse: SlotRace.load(of: builder, situation.busySlots?[builder.url] ?? []),
      maxJobs: builder.maxJobs)
  }

  private static func verdict(
    _ local: RouteLocal, _ outcome: RouteVerdict.Outcome
  ) -> RouteVerdict {
    RouteVerdict(
      machine: .local, name: "This machine", outcome: outcome, jobsInUse: nil,
      maxJobs: local.maxJobs)
  }
}

extension RouteVerdict {
  /// The builder's place in the list; `nil` for the local machine.
  fileprivate var place: Int? {
    switch machine {
    case .local: nil
    case .builder(let index): index
    }
  }
}
