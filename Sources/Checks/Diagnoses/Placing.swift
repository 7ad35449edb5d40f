import Builders

/// What Nix up to 2.18 or so says when a machine cannot do what is asked of it: "a 'S' with features
/// {F} is required to build 'D', but I am a 'S' with features {F}".
struct Refusal {
  /// The system that the build is for.
  let required: String
  /// The system that the machine builds for.
  let own: String
  /// Features that are required, and that the machine does not have.
  let missing: [String]

  /// - Parameter mark: what else is in the line.
  init?(_ printed: Printed, _ mark: String) {
    guard let line = printed.line(with: "is required to build '", mark),
      let sentence = line.part(after: "error: a '") ?? line.part(after: "a '"),
      let required = sentence.part(before: "' with features").system,
      let needs = sentence.part(between: "with features {", and: "} is required"),
      let offer = sentence.part(after: "but I am a '"),
      let own = offer.part(before: "'").system,
      let offered = offer.part(between: "{", and: "}")
    else { return nil }
    self.required = required
    self.own = own
    missing = needs.features.filter { !offered.features.contains($0) }
  }
}

/// What Nix says when no builder may take a build: what is required, and what each is listed with.
struct Placing {
  /// What Nix lists of a machine.
  struct Machine {
    var systems: [String]
    var supported: [String]
    var mandatory: [String]
  }

  /// The system that the build is for.
  let system: String
  /// The features that it requires.
  let required: [String]
  /// The machines, in the order in which Nix knows them; there is one at least.
  let machines: [Machine]

  /// What stands above the list.
  static let sentence = ["Failed to find a machine for remote build!"]
  /// One that could not be reached is listed in the same way.
  static let doubts = [["cannot build on '"]]

  init?(_ printed: Printed) {
    guard
      let wanted = printed.line(with: "required (system, features): (")?
        .part(after: "features): ("),
      let system = wanted.part(before: ",").system,
      let list = printed.part(after: "(systems, maxjobs, supportedFeatures, mandatoryFeatures)\n")
    else { return nil }
    self.system = system
    let features = wanted.part(after: ",")?.part(before: ")")
    required = (features?.part(between: "[", and: "]") ?? features)?.features ?? []
    machines = list.lines.prefix { $0.hasPrefix("(") }
      .compactMap { $0.part(between: "(", and: ")").flatMap(Machine.init) }
    if machines.isEmpty { return nil }
  }

  /// Features that are required, and that no machine for the system is listed with.
  var missing: [String] {
    let able = machines.filter { $0.systems.contains(system) }
    if able.isEmpty { return [] }
    return required.filter { feature in
      able.allSatisfy { !$0.supported.contains(feature) && !$0.mandatory.contains(feature) }
    }
  }

  /// The mandatory features of the only machine that are not required.
  var unused: [String] {
    guard machines.count == 1, let machine = machines.first, machine.systems.contains(system)
    else { return [] }
    return machine.mandatory.filter { !required.contains($0) }
  }

  /// Nix does not name them.
  func machinesInWords(_ builder: Builder) -> String {
    machines.count == 1 ? builder.alias : "any of \(machines.count) builders"
  }
}

extension Placing.Machine {
  /// Reads `[a, b], 3, [c], []`, or the older `a, b, 3, c, `, where commas also part the columns.
  init?(_ row: Printed) {
    if row.hasPrefix("[") {
      let lists = row.split(separator: "[").map { $0.part(before: "]") }
      guard lists.count == 3 else { return nil }
      systems = lists[0].systems
      supported = lists[1].features
      mandatory = lists[2].features
      return
    }
    let fields = row.fields(separator: ",")
    guard let jobs = fields.firstIndex(where: { $0.number(in: 0...1_000_000) != nil }),
      let last = fields.last
    else { return nil }
    systems = fields[..<jobs].flatMap(\.systems)
    supported = fields[(jobs + 1)...].flatMap(\.features)
    // Where there is any it comes last; what comes before may be either.
    mandatory = last.features
  }
}
