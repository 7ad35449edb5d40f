import Builders

// Building.
extension Diagnosis {
  @Sendable static func untrusted(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.says(
        "you are not privileged to build input-addressed derivations",
        "lacks a signature by a trusted key", "lacks a valid signature")
    else { return nil }
    return .untrusted(symptoms.builder)
  }

  static func untrusted(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "untrusted", cause: "Nix on \(builder.alias) does not trust \(builder.user).",
      remedy: "On \(builder.alias): nix.settings.trusted-users = [ \"\(builder.user)\" ]; "
        + "and switch.",
      command: "nixos-rebuild switch", manual: Manual.nix("trusted-users"))
  }

  @Sendable static func systemNotOffered(_ symptoms: Symptoms) -> Diagnosis? {
    if let refusal = Refusal(symptoms) {
      guard refusal.missingFeatures.isEmpty else { return nil }
      return .systemNotOffered(symptoms.builder, refusal.required, own: refusal.own)
    }
    // Nix says it of the local machine too, when no builder takes the build.
    guard symptoms.says("platform mismatch"), symptoms.says("' on 'ssh"),
      let required = symptoms.text(between: "Required system: '", and: "'"),
      let own = symptoms.text(between: "Current system: '", and: "'")
    else { return nil }
    return .systemNotOffered(symptoms.builder, required, own: own)
  }

  static func systemNotOffered(
    _ builder: Builder, _ system: String, own: String
  ) -> Diagnosis {
    Diagnosis(
      id: "system-not-offered",
      cause: "\(builder.alias) builds for \(own), not for \(system).",
      remedy: "Take \(system) away under Capabilities or, where the builder can emulate it, on "
        + "\(builder.alias): boot.binfmt.emulatedSystems = [ \"\(system)\" ];",
      manual: Manual.nix("extra-platforms"))
  }

  @Sendable static func featureNotOffered(_ symptoms: Symptoms) -> Diagnosis? {
    var missing: [String] = []
    if let refusal = Refusal(symptoms) {
      missing = refusal.missingFeatures
    } else if symptoms.says("missing system features"), symptoms.says("' on 'ssh"),
      let required = symptoms.text(between: "Required features: {", and: "}"),
      let offered = symptoms.text(between: "Available features: {", and: "}")
    {
      missing = names(required).filter { !names(offered).contains($0) }
    }
    guard !missing.isEmpty else { return nil }
    return .featureNotOffered(symptoms.builder, missing)
  }

  static func featureNotOffered(_ builder: Builder, _ features: [String]) -> Diagnosis {
    let list = features.joined(separator: ", ")
    let quoted = features.map { "\"\($0)\"" }.joined(separator: " ")
    return Diagnosis(
      id: "feature-not-offered",
      cause: "Nix on \(builder.alias) does not offer the feature \(list).",
      remedy: "Take \(list) away under Capabilities or, where the builder has it, on "
        + "\(builder.alias): nix.settings.system-features = [ … \(quoted) ];",
      manual: Manual.nix("system-features"))
  }

  @Sendable static func fractionalSpeed(_ symptoms: Symptoms) -> Diagnosis? {
    // Nix counts the columns from 0.
    guard symptoms.says("failed to convert column #4 in a row"),
      let row = symptoms.text(between: "in a row: '", and: "'"),
      let url = row.split(separator: " ").first
    else { return nil }
    return Diagnosis(
      id: "fractional-speed",
      cause: "The speed factor of \(url) is a fraction, and this machine's Nix is too old for one: "
        + "it reads none of its builders then.",
      remedy: "Take a whole number as its speed; only the proportions between builders matter.",
      manual: Manual.nixOS("nix.buildMachines._.speedFactor"))
  }

  @Sendable static func systemNotClaimed(_ symptoms: Symptoms) -> Diagnosis? {
    guard let placing = Placing(symptoms), !placing.systems.contains(placing.system)
    else { return nil }
    return Diagnosis(
      id: "system-not-claimed",
      cause:
        "The configuration here does not list \(placing.system) for \(symptoms.builder.alias).",
      remedy: "Add it under Capabilities, then write and apply.", command: "nixos-rebuild switch",
      manual: Manual.nixOS("nix.buildMachines._.systems"))
  }

  @Sendable static func featureNotClaimed(_ symptoms: Symptoms) -> Diagnosis? {
    guard let placing = Placing(symptoms) else { return nil }
    let missing = placing.required.filter {
      !placing.supported.contains($0) && !placing.mandatory.contains($0)
    }
    guard !missing.isEmpty else { return nil }
    return Diagnosis(
      id: "feature-not-claimed",
      cause: "The configuration here does not list \(missing.joined(separator: ", ")) for "
        + "\(symptoms.builder.alias).",
      remedy: "Add it under Capabilities, then write and apply.", command: "nixos-rebuild switch",
      manual: Manual.nixOS("nix.buildMachines._.supportedFeatures"))
  }

  @Sendable static func mandatoryFeature(_ symptoms: Symptoms) -> Diagnosis? {
    guard let placing = Placing(symptoms), placing.systems.contains(placing.system)
    else { return nil }
    let unused = placing.mandatory.filter { !placing.required.contains($0) }
    guard !unused.isEmpty else { return nil }
    let list = unused.joined(separator: ", ")
    return Diagnosis(
      id: "mandatory-feature",
      cause: "\(symptoms.builder.alias) only takes builds that require \(list), its mandatory "
        + "feature, and this one does not.",
      remedy: "Make \(list) a supported feature instead, under Capabilities.",
      manual: Manual.nixOS("nix.buildMachines._.mandatoryFeatures"))
  }

  @Sendable static func buildFailed(_ symptoms: Symptoms) -> Diagnosis? {
    // What the builder says of the build. The hook's own failure, always status 1, follows in a
    // line without the machine, also where the builder could not even begin.
    guard
      let status = symptoms.text(between: "' failed: builder for '", and: "\n")
        ?? symptoms.text(between: "' failed: Cannot build '", and: "Output paths:")
    else { return nil }
    let code =
      status.text(between: "failed with exit code ", and: ";")
      ?? status.text(between: "failed with exit code ", and: ".")
    guard code != nil || status.contains("failed due to signal") else { return nil }
    return Diagnosis(
      id: "build-failed",
      cause: "\(symptoms.builder.alias) ran the build, and the build's own script failed"
        + (code.map { " with exit status \($0)" } ?? "") + ".",
      remedy: "The connection is fine. The log tells what the script had to complain about.",
      manual: Manual.nixPage("command-ref/new-cli/nix3-log"))
  }

  @Sendable static func wentAway(_ symptoms: Symptoms) -> Diagnosis? {
    guard symptoms.says("building '"), !symptoms.says("cannot build on '"),
      symptoms.says(
        "Nix daemon disconnected unexpectedly", "error: unexpected end-of-file",
        "closed by remote host", "Broken pipe", "not responding")
    else { return nil }
    return Diagnosis(
      id: "builder-went-away",
      cause: "The connection to \(symptoms.builder.alias) broke off during the build.",
      remedy: "See whether the builder went to sleep, rebooted or ran out of memory.",
      command: "journalctl -b -n 50", manual: Manual.ssh("ServerAliveInterval"))
  }

  @Sendable static func noNixpkgs(_ symptoms: Symptoms) -> Diagnosis? {
    guard
      symptoms.says(
        "unable to download 'https://", "cannot find flake", "error: unable to download",
        "was not found in the Nix search path", "Could not resolve host: ")
    else { return nil }
    return Diagnosis(
      id: "no-nixpkgs", cause: "The package's source is not here and could not be fetched.",
      remedy: "See whether this machine reaches the internet, or name a package that is here, "
        + "such as /etc/nixos#hello.",
      command: "nix registry list", manual: Manual.nixPage("command-ref/new-cli/nix3-registry"))
  }
}

/// What Nix up to 2.18 or so says when a builder cannot do what is asked of it: "a 'S' with
/// features {F} is required to build 'D', but I am a 'S' with features {F}".
private struct Refusal {
  var required: String
  var own: String
  var missingFeatures: [String]

  init?(_ symptoms: Symptoms) {
    guard let line = symptoms.line(with: "is required to build '", "' on 'ssh") else { return nil }
    let sentence = Symptoms(line, of: symptoms.builder)
    guard let required = sentence.text(between: "failed: error: a '", and: "' with features"),
      let features = sentence.text(between: "with features {", and: "} is required"),
      let own = sentence.text(between: "but I am a '", and: "'"),
      let offer = line.split(separator: "but I am a ").last,
      let offered = Symptoms(String(offer), of: symptoms.builder).text(between: "{", and: "}")
    else { return nil }
    self.required = required
    self.own = own
    missingFeatures = names(features).filter { !names(offered).contains($0) }
  }
}

/// What Nix says when no builder may take a build: what is required, and what one is listed with.
private struct Placing {
  var system: String
  var required: [String]
  var systems: [String]
  var supported: [String]
  var mandatory: [String]

  init?(_ symptoms: Symptoms) {
    // One that could not be reached is listed in the same way.
    guard symptoms.says("Failed to find a machine for remote build!"),
      !symptoms.says("cannot build on '"),
      let wanted = symptoms.text(between: "required (system, features): (", and: ")\n"),
      let machine = symptoms.text(
        between: "(systems, maxjobs, supportedFeatures, mandatoryFeatures)\n(", and: ")")
    else { return nil }
    let wants = Placing.columns(wanted)
    let columns = Placing.columns(machine)
    guard wants.count == 2, columns.count == 4, let system = wants[0].first else { return nil }
    self.system = system
    required = wants[1]
    systems = columns[0]
    supported = columns[2]
    mandatory = columns[3]
  }

  /// Columns are lists: "[a, b], 3, [], []"; up to some version "a b, 3, , ".
  private static func columns(_ text: String) -> [[String]] {
    var columns: [String] = [""]
    var depth = 0
    for character in text {
      switch character {
      case "[": depth += 1
      case "]": depth -= 1
      case "," where depth == 0: columns.append("")
      default: columns[columns.count - 1].append(character)
      }
    }
    return columns.map(names)
  }
}

private func names(_ list: String) -> [String] {
  list.split { $0 == "," || $0.isWhitespace }.map(String.init)
}

extension Diagnosis {
  /// What ``PackageVariant`` throws.
  @Sendable static func noSuchPackage(_ symptoms: Symptoms) -> Diagnosis? {
    guard let name = symptoms.text(between: "error: nix-builders: ", and: " is not there")
    else { return nil }
    return Diagnosis(
      id: "no-such-package",
      cause: "There is no package \(name) for \(symptoms.builder.systems.first ?? "this system").",
      remedy: "Look for a slip in the name.",
      command: "nix flake show \(name.prefix { $0 != "#" })",
      manual: Manual.nixPage("command-ref/new-cli/nix3-flake-show"))
  }
}

// What no command says by itself.
extension Diagnosis {
  static let notEvaluated = Diagnosis(
    id: "package-not-evaluated", cause: "This machine's Nix could not evaluate the package.",
    remedy: "What it printed tells why. The builder was not asked.",
    command: nil, manual: Manual.nixPage("command-ref/new-cli/nix3-eval"))

  static func notBuilt(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "not-built",
      cause: "Nix had the result already, so \(builder.alias) did not have to build anything.",
      remedy: "Try again.", manual: Manual.remoteBuilds)
  }

  static func builtElsewhere(_ builder: Builder, _ machine: String) -> Diagnosis {
    Diagnosis(
      id: "built-elsewhere",
      cause: "Nix let \(machine) build it, not \(builder.alias).",
      remedy: "See which builders this machine's settings name, and in which order.",
      command: "nix config show builders", manual: Manual.nix("builders"))
  }

  static func notRoot(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "not-root",
      cause:
        "It is Nix's daemon, that is root, that gives builds to \(builder.alias); another user "
        + "can neither use its key nor tell it which builder to take.",
      remedy: "Run the test as root.", command: "sudo nix-builders test \(builder.alias)",
      manual: Manual.remoteBuilds)
  }

  static func notInstalled(_ builder: Builder) -> Diagnosis {
    Diagnosis(
      id: "not-installed",
      cause: "Nix on this machine does not list \(builder.alias) among its builders.",
      remedy: "Import ./nix-builders/local.nix in this machine's configuration and switch.",
      command: "nixos-rebuild switch", manual: Manual.nixOS("nix.buildMachines"))
  }
}
