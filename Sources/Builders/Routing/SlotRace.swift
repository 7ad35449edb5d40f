/// How Nix's build hook chooses among builders that fit: it goes through them in order, takes a
/// free slot of each, and keeps the best one's.
struct SlotRace {
  /// Those with a free slot, the best first: each is who gets the build when those before it
  /// cannot be reached.
  private(set) var order: [Int] = []
  /// Those without one, in the order of the list.
  private(set) var full: [Int]

  /// - Parameter fitting: the places of the builders that fit.
  init(_ fitting: [Int], in situation: RouteSituation) {
    let builders = situation.builders
    if Set(fitting.map { builders[$0].url }).count == fitting.count {
      order = fitting.compactMap { Runner($0, in: situation, held: nil) }
        .sorted { $0.isBetter(than: $1) || !$1.isBetter(than: $0) && $0.index < $1.index }
        .map(\.index)
    } else {
      // Lines of one URL share slots: the one that Nix holds for the best so far is not free for
      // the others. Who comes next is then what the same race gives without the winner.
      var left = fitting
      while let best = Self.winner(of: left, in: situation) {
        order.append(best)
        left.removeAll { $0 == best }
      }
    }
    let placed = Set(order)
    full = fitting.filter { !placed.contains($0) }
  }

  private static func winner(of indices: [Int], in situation: RouteSituation) -> Int? {
    indices.reduce(nil as Runner?) { best, index in
      guard let runner = Runner(index, in: situation, held: best) else { return best }
      guard let best else { return runner }
      return runner.isBetter(than: best) ? runner : best
    }?.index
  }

  /// How many of a builder's slots are taken.
  static func load(of builder: RouteBuilder, _ busy: Set<Int>) -> Int {
    busy.count { $0 < builder.maxJobs }
  }

  /// Why the first is before the second.
  func advantageOfFirst(in situation: RouteSituation) -> RouteReason {
    guard order.count > 1,
      let first = Runner(order[0], in: situation, held: nil),
      let second = Runner(order[1], in: situation, held: first)
    else { return .onlyOne }
    let other = situation.builders[second.index]
    if first.score < second.score {
      return .lowerLoad(
        jobs: first.load, speed: speedText(first.speed), than: other.name, itsJobs: second.load,
        itsSpeed: speedText(second.speed))
    }
    if first.score == second.score, first.speed > second.speed {
      return .faster(
        speed: speedText(first.speed), than: other.name, itsSpeed: speedText(second.speed))
    }
    if first.score == second.score, first.speed == second.speed, first.load < second.load {
      return .fewerJobs(jobs: first.load, than: other.name, itsJobs: second.load)
    }
    return .first(before: other.name)
  }
}

private func speedText(_ speed: Float) -> String {
  Int(exactly: speed).map { "\($0)" } ?? "\(speed)"
}

/// A builder in the race, with a slot of its own.
private struct Runner {
  let index: Int
  let url: String
  let load: Int
  let slot: Int
  /// As Nix reckons: in single precision.
  let speed: Float
  let score: Float

  /// - Returns: `nil` when it has no free slot.
  init?(_ index: Int, in situation: RouteSituation, held: Runner?) {
    let builder = situation.builders[index]
    var busy = situation.busySlots?[builder.url] ?? []
    if let held, held.url == builder.url { busy.insert(held.slot) }
    guard let slot = (0..<max(0, builder.maxJobs)).first(where: { !busy.contains($0) }) else {
      return nil
    }
    self.index = index
    url = builder.url
    self.slot = slot
    load = SlotRace.load(of: builder, busy)
    speed = builder.speedFactor == 0 ? 1 : Float(builder.speedFactor)
    let score = Float(load) / speed
    self.score = situation.rules.wholeSpeedFactors ? score.rounded(.down) : score
  }

  func isBetter(than other: Runner) -> Bool {
    if score != other.score { return score < other.score }
    if speed != other.speed { return speed > other.speed }
    return load < other.load
  }
}
