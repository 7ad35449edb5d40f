import Base
import Builders
import Fragments

// Building.
extension Entry {
  static let notPrivileged = Entry(
    [["you are not privileged to build input-addressed derivations"]]
  ) { .untrusted($0.builder) }

  /// What `nix store info` says of whoever asks, as text and as JSON.
  static let notTrusted = Entry([["Trusted: 0"], ["\"trusted\":false"], ["\"trusted\": false"]]) {
    .untrusted($0.builder)
  }

  static let unsigned = Entry(
    [["lacks a signature by a trusted key"], ["lacks a valid signature"]]
  ) { .unsigned($0.builder) }

  static let systemRefused = Entry([["is required to build '", "' on 'ssh"]]) { symptoms in
    Refusal(symptoms.printed, "' on 'ssh").flatMap {
      $0.missing.isEmpty ? .systemNotOffered(symptoms.builder, $0.required, own: $0.own) : nil
    }
  }

  /// Nix says it of the local machine too, when no builder takes the build.
  static let systemNotOffered = Entry([["platform mismatch"]], along: [["' on 'ssh"]]) { symptoms in
    guard let required = symptoms.printed.part(between: "Required system: '", and: "'")?.system,
      let own = symptoms.printed.part(between: "Current system: '", and: "'")?.system
    else { return nil }
    return .systemNotOffered(symptoms.builder, required, own: own)
  }

  static let featureRefused = Entry([["is required to build '", "' on 'ssh"]]) { symptoms in
    Refusal(symptoms.printed, "' on 'ssh").flatMap {
      $0.missing.isEmpty ? nil : .featureNotOffered(symptoms.builder, $0.missing)
    }
  }

  static let featureNotOffered = Entry(
    [["missing system features"]], along: [["' on 'ssh"]]
  ) { symptoms in
    guard let required = symptoms.printed.part(between: "Required features: {", and: "}"),
      let offered = symptoms.printed.part(between: "Available features: {", and: "}")
    else { return nil }
    let missing = required.features.filter { !offered.features.contains($0) }
    return missing.isEmpty ? nil : .featureNotOffered(symptoms.builder, missing)
  }

  static let mandatoryFeature = Entry([Placing.sentence], unless: Placing.doubts) { symptoms in
    guard let placing = Placing(symptoms.printed), !placing.unused.isEmpty else { return nil }
    return .mandatoryFeature(symptoms.builder, placing)
  }

  static let systemNotClaimed = Entry([Placing.sentence], unless: Placing.doubts) { symptoms in
    guard let placing = Placing(symptoms.printed),
      placing.machines.allSatisfy({ !$0.systems.contains(placing.system) })
    else { return nil }
    return .systemNotClaimed(symptoms.builder, placing)
  }

  static let featureNotClaimed = Entry([Placing.sentence], unless: Placing.doubts) { symptoms in
    guard let placing = Placing(symptoms.printed), !placing.missing.isEmpty else { return nil }
    return .featureNotClaimed(symptoms.builder, placing)
  }

  /// Nix counts the columns from 0.
  static let fractionalSpeed = Entry([["failed to convert column #4 in a row"]]) { symptoms in
    let row = symptoms.printed.part(between: "in a row: '", and: "'")
    return .fractionalSpeed(row?.part(before: " ").phrase ?? symptoms.builder.alias)
  }

  static let machinesUnreadable = Entry([["bad machine specification"]]) {
    .machinesUnreadable($0.printed.part(after: "bad machine specification: ") ?? Printed(""))
  }

  /// What the builder says of the build. The hook's own failure, always status 1, follows in a line
  /// without the machine, also where the builder could not even begin.
  static let buildFailed = Entry(
    [["' failed: builder for '"], ["' failed: Cannot build '"]]
  ) { symptoms in
    guard
      let status = symptoms.printed.part(between: "' failed: builder for '", and: "\n")
        ?? symptoms.printed.part(between: "' failed: Cannot build '", and: "Output paths:")
    else { return nil }
    let code = status.part(after: "failed with exit code ")
    guard code != nil || status.says("failed due to signal") else { return nil }
    let number = code.map { $0.part(before: ";").part(before: ".") }?.number(in: 0...255)
    return .buildFailed(symptoms.builder, status: number)
  }

  static let wentAway = Entry(
    [
      ["Nix daemon disconnected unexpectedly"], ["error: unexpected end-of-file"],
      ["closed by remote host"], ["Broken pipe"], ["not responding"],
    ], along: [["building '"]], unless: [["cannot build on '"]]
  ) { .wentAway($0.builder) }

  /// What ssh has said stands above it, and is told first.
  static let sshNotStarted = Entry([["failed to start SSH connection"]]) {
    .sshNotStarted($0.builder)
  }

  static let buildersIgnored = Entry(
    [["ignoring the ", "-specified setting 'builders'"], ["ignoring untrusted ", "'builders'"]]
  ) { _ in .buildersIgnored }

  /// What Nix says of this machine, when it builds itself and cannot, since no builder took it.
  static let noBuilderTakes = Entry(
    [
      ["is required to build '", "but I am a '"], ["platform mismatch"],
      ["missing system features"],
    ],
    unless: [["' on 'ssh"]]
  ) { symptoms in
    let printed = symptoms.printed
    if let refusal = Refusal(printed, "but I am a '") {
      return .noBuilderTakes(refusal.required, refusal.missing)
    }
    let offered = printed.part(between: "Available features: {", and: "}")?.features ?? []
    let required = printed.part(between: "Required features: {", and: "}")?.features ?? []
    let system = printed.part(between: "Required system: '", and: "'")?.system
    let missing = required.filter { !offered.contains($0) }
    return system == nil && missing.isEmpty ? nil : .noBuilderTakes(system, missing)
  }

  static let noBuilders = Entry(
    [
      ["unable to start any build"], ["Failed to find a machine for remote build"],
    ], unless: [["cannot build on '"]]
  ) { _ in .noBuilders }

  /// Of warnings there may be many, and the builder has words of its own.
  static let noNixpkgs = Entry(
    [
      ["error:", "unable to download 'https://"], ["cannot find flake"],
      ["was not found in the Nix search path"], ["error:", "Could not resolve host: "],
    ], unless: [["' on 'ssh"]]
  ) { _ in .noNixpkgs }

  /// What ``PackageVariant`` throws.
  static let noSuchPackage = Entry([["error: nix-builders: ", " is not there"]]) { symptoms in
    let name = symptoms.printed.part(between: "error: nix-builders: ", and: " is not there")
    return .noSuchPackage(symptoms.builder, name ?? Printed(""))
  }
}

extension Diagnosis {
  static func untrusted(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .untrusted, cause: "Nix on \(builder.alias) does not trust \(builder.user).",
      remedy: "On \(builder.alias): nix.settings.trusted-users = [ \"\(builder.user)\" ]; "
        + "and switch.",
      command: "nixos-rebuild switch", manual: Manual.nix("trusted-users"))
  }

  /// Nix takes from whom it does not trust what is signed by a key that it knows, or names itself by
  /// its content.
  static func unsigned(_ builder: Builder) -> Diagnosis {
    let knowsKey =
      "let it know the key that signs: nix.settings.trusted-public-keys = [ … ]; (the command shows "
      + "whose signatures a path has)"
    let trusts = "trust \(builder.user): nix.settings.trusted-users = [ \"\(builder.user)\" ];"
    let ways = builder.account.trusted ? [trusts, knowsKey] : [knowsKey, trusts]
    return Diagnosis(
      .unsigned,
      cause:
        "\(builder.alias) does not take what was to be copied: no key that it knows has signed "
        + "it, and \(builder.user) may not bring what is not signed.",
      remedy: "On \(builder.alias), either \(ways[0]); or \(ways[1]).".unicodeScalars.replacing(
        ";;", with: ";"),
      command: "nix path-info --sigs --recursive ./result",
      manual: Manual.nix("trusted-public-keys"))
  }

  static func systemNotOffered(
    _ builder: Builder, _ system: String, own: String
  ) -> Diagnosis {
    Diagnosis(
      .systemNotOffered,
      cause: "\(builder.alias) builds for \(own), not for \(system).",
      remedy: "Take \(system) away under Capabilities or, where the builder can emulate it, on "
        + "\(builder.alias): boot.binfmt.emulatedSystems = [ \"\(system)\" ];",
      manual: Manual.nix("extra-platforms"))
  }

  static func featureNotOffered(_ builder: Builder, _ features: [String]) -> Diagnosis {
    let list = features.joined(separator: ", ")
    let quoted = features.map { "\"\($0)\"" }.joined(separator: " ")
    return Diagnosis(
      .featureNotOffered,
      cause: "Nix on \(builder.alias) does not offer the feature \(list).",
      remedy: "Take \(list) away under Capabilities or, where the builder has it, on "
        + "\(builder.alias): nix.settings.system-features = [ … \(quoted) ];",
      manual: Manual.nix("system-features"))
  }

  static func systemNotClaimed(_ builder: Builder, _ placing: Placing) -> Diagnosis {
    Diagnosis(
      .systemNotClaimed,
      cause: "The configuration here does not list \(placing.system) for "
        + "\(placing.machinesInWords(builder)).",
      remedy: "Add it under Capabilities, then write and apply.", command: "nixos-rebuild switch",
      manual: Manual.nixOS("nix.buildMachines._.systems"))
  }

  static func featureNotClaimed(_ builder: Builder, _ placing: Placing) -> Diagnosis {
    Diagnosis(
      .featureNotClaimed,
      cause: "The configuration here does not list \(placing.missing.joined(separator: ", ")) for "
        + "\(placing.machinesInWords(builder)).",
      remedy: "Add it under Capabilities, then write and apply.", command: "nixos-rebuild switch",
      manual: Manual.nixOS("nix.buildMachines._.supportedFeatures"))
  }

  static func mandatoryFeature(_ builder: Builder, _ placing: Placing) -> Diagnosis {
    let list = placing.unused.joined(separator: ", ")
    return Diagnosis(
      .mandatoryFeature,
      cause: "\(builder.alias) only takes builds that require \(list), its mandatory feature, and "
        + "this one does not.",
      remedy: "Make \(list) a supported feature instead, under Capabilities.",
      manual: Manual.nixOS("nix.buildMachines._.mandatoryFeatures"))
  }

  /// - Parameters:
  ///   - system: what the build is for, where Nix says so.
  ///   - missing: features that it requires and this machine lacks.
  static func noBuilderTakes(_ system: String?, _ missing: [String]) -> Diagnosis {
    let needs = missing.isEmpty ? "" : " with the feature \(missing.joined(separator: ", "))"
    let builds = system.map { "builds for \($0)" } ?? "builds"
    return Diagnosis(
      .noBuilderTakes,
      cause: "No builder takes \(builds)\(needs), and this machine cannot build it itself.",
      remedy: "See how Nix places it, builder by builder; add what is missing under Capabilities.",
      command: "nix-builders route", manual: Manual.nix("builders"))
  }

  static let noBuilders = Diagnosis(
    .noBuilders,
    cause: "No builder takes the build, and this machine may not build it itself (max-jobs is 0).",
    remedy: "See how Nix places it, builder by builder, and which builders Nix knows.",
    command: "nix-builders route", manual: Manual.nix("builders"))

  static let buildersIgnored = Diagnosis(
    .buildersIgnored,
    cause: "Nix's daemon here does not trust you, and leaves out the builders that you name.",
    remedy: "Run it as root; or let the daemon know the builders, by nix.buildMachines; or trust "
      + "yourself: nix.settings.trusted-users = [ \"@wheel\" ];",
    command: "nix config show trusted-users", manual: Manual.nix("trusted-users"))

  static func fractionalSpeed(_ url: String) -> Diagnosis {
    Diagnosis(
      .fractionalSpeed,
      cause: "The speed factor of \(url) is a fraction, which takes Nix "
        + "\(NixNeed.fractionalSpeed.since.text) on this machine: it reads none of its builders then.",
      remedy: "Take a whole number as its speed; only the proportions between builders matter.",
      manual: Manual.nixOS("nix.buildMachines._.speedFactor"))
  }

  static func machinesUnreadable(_ reason: Printed) -> Diagnosis {
    Diagnosis(
      .machinesUnreadable,
      cause: "Nix here cannot read its list of builders, and uses none of them: \(reason.phrase)",
      remedy:
        "Correct that line; where it is not one of this program's, in the file that the command "
        + "shows.",
      command: "nix config show builders", manual: Manual.nix("builders"))
  }

  static func buildFailed(_ builder: Builder, status: Int?) -> Diagnosis {
    Diagnosis(
      .buildFailed,
      cause: "\(builder.alias) ran the build, and the build's own script failed"
        + (status.map { " with exit status \($0)" } ?? "") + ".",
      remedy: "The connection is fine. The log tells what the script had to complain about.",
      manual: Manual.nixPage("command-ref/new-cli/nix3-log"))
  }

  static func wentAway(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .wentAway,
      cause: "The connection to \(builder.alias) broke off during the build.",
      remedy: "See whether the builder went to sleep, rebooted or ran out of memory.",
      command: "journalctl -b -n 50", manual: Manual.ssh("ServerAliveInterval"))
  }

  static func sshNotStarted(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .sshNotStarted,
      cause:
        "ssh did not get as far as starting Nix on \(builder.alias), and its own words are not "
        + "in this text.",
      remedy: "The test shows where it ends.", command: "nix-builders test \(builder.alias)",
      manual: Manual.remoteBuilds)
  }

  static let noNixpkgs = Diagnosis(
    .noNixpkgs, cause: "The package's source is not here and could not be fetched.",
    remedy:
      "See whether this machine reaches the internet, or name a package that is here, such as "
      + "/etc/nixos#hello.",
    command: "nix registry list", manual: Manual.nixPage("command-ref/new-cli/nix3-registry"))

  static func noSuchPackage(_ builder: Builder, _ name: Printed) -> Diagnosis {
    Diagnosis(
      .noSuchPackage,
      cause: "There is no package \(name.phrase) for \(builder.systems.first ?? "this system").",
      remedy: "Look for a slip in the name.",
      command: name.part(before: "#").word.map { "nix flake show \($0)" },
      manual: Manual.nixPage("command-ref/new-cli/nix3-flake-show"))
  }
}

// What no command says by itself.
extension Diagnosis {
  static let notEvaluated = Diagnosis(
    .notEvaluated, cause: "This machine's Nix could not evaluate the package.",
    remedy: "What it printed tells why. The builder was not asked.",
    command: nil, manual: Manual.nixPage("command-ref/new-cli/nix3-eval"))

  static func notBuilt(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .notBuilt,
      cause: "Nix had the result already, so \(builder.alias) did not have to build anything.",
      remedy: "Try again.", manual: Manual.remoteBuilds)
  }

  static func builtElsewhere(_ builder: Builder, _ machine: String) -> Diagnosis {
    Diagnosis(
      .builtElsewhere,
      cause: "Nix let \(machine) build it, not \(builder.alias).",
      remedy: "See which builders this machine's settings name, and in which order.",
      command: "nix config show builders", manual: Manual.nix("builders"))
  }

  static func notRoot(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .notRoot,
      cause:
        "It is Nix's daemon, that is root, that gives builds to \(builder.alias); another user "
        + "can neither use its key nor tell it which builder to take.",
      remedy: "Run the test as root.", command: "sudo nix-builders test \(builder.alias)",
      manual: Manual.remoteBuilds)
  }

  static func notInstalled(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      .notInstalled,
      cause: "Nix on this machine does not list \(builder.alias) among its builders.",
      remedy: "Import ./nix-builders/local.nix in this machine's configuration and switch.",
      command: "nixos-rebuild switch", manual: Manual.nixOS("nix.buildMachines"))
  }
}
