/// All that a decision rests on besides the build itself.
public struct RouteSituation: Equatable, Sendable {
  /// The builders, in the order in which Nix is told of them.
  public var builders: [RouteBuilder]
  /// The local machine.
  public var local: RouteLocal
  /// How the installed Nix decides where its versions differ.
  public var rules: RouteRules
  /// What is being built on the builders now; `nil` when that cannot be seen, and then all of them
  /// count as idle.
  public var busySlots: BusySlots?

  /// Creates a situation.
  public init(
    builders: [RouteBuilder], local: RouteLocal, rules: RouteRules = RouteRules(),
    busySlots: BusySlots? = nil
  ) {
    self.builders = builders
    self.local = local
    self.rules = rules
    self.busySlots = busySlots
  }
}

/// Where the versions of Nix decide differently.
public struct RouteRules: Equatable, Sendable {
  /// Up to 2.19 speed factors are whole numbers, and a load is divided by them without remainder.
  public var wholeSpeedFactors: Bool
  /// From 2.34 on a rebuild or repair never leaves the local machine. Before, it went to a builder
  /// where `max-jobs` is 0.
  public var rebuildsStayHere: Bool

  /// Creates the rules of the newest versions, but for what is given.
  public init(wholeSpeedFactors: Bool = false, rebuildsStayHere: Bool = true) {
    self.wholeSpeedFactors = wholeSpeedFactors
    self.rebuildsStayHere = rebuildsStayHere
  }

  /// Why Nix refuses a builder's line.
  func fault(of builder: RouteBuilder) -> String? {
    if let fault = builder.fault { return fault }
    if wholeSpeedFactors, builder.speedFactor != builder.speedFactor.rounded() {
      return "Nix up to 2.19 reads no speed factor with a fraction"
    }
    return nil
  }
}

/// The slots of builders that are taken: for each store URL, their numbers from 0 on.
///
/// A builder with 3 jobs has the slots 0 to 2. Two lines with the same URL share them.
public struct BusySlots: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  private var slots: [String: Set<Int>]

  /// Creates them from the slots of each store URL.
  public init(_ slots: [String: Set<Int>] = [:]) { self.slots = slots }

  /// Creates them from pairs of a store URL and the slots that are taken there.
  public init(dictionaryLiteral elements: (String, Set<Int>)...) {
    slots = Dictionary(elements) { $0.union($1) }
  }

  /// The slots of this store URL that are taken.
  public subscript(url: String) -> Set<Int> { slots[url] ?? [] }
}
