import Builders

extension Inventory {
  /// The local machine's fragment: all enabled builders and the settings that go with them.
  public func localFragment() -> Fragment {
    let builders = enabledBuilders
    // Without a builder the settings would only do harm: with max-jobs 0 nothing could be built.
    return Fragment(
      fileName: Fragment.localName,
      about: builders.isEmpty
        ? "The builders of the local machine: none is enabled."
        : "The builders of the local machine.",
      localBindings)
  }

  var localBindings: [NixBinding] {
    let builders = enabledBuilders
    return builders.isEmpty
      ? [] : .groups(ssh(builders), machines(builders), local.settingsBindings)
  }

  private func ssh(_ builders: [Builder]) -> [NixBinding] {
    let blocks = builders.map(\.hostBlockLines).filter { !$0.isEmpty }
    let keys = builders.filter(\.usesHostBlock).compactMap { builder in
      builder.pinnedHostKey.map { NixBinding([builder.alias, "publicKey"], .string($0)) }
    }
    var bindings: [NixBinding] = []
    if !blocks.isEmpty {
      // NixOS joins what several modules say here, and a Host block goes on until the next one.
      let end = ["", "# What other modules add below is for every host again.", "Host *"]
      bindings.append(
        NixBinding(
          "programs.ssh.extraConfig", .lines(Array(blocks.joined(separator: [""])) + end),
          comment: "HostKeyAlias: the host keys below are pinned under the aliases.",
          "ConnectTimeout: a builder that is down must not hold every build up.",
          "ServerAlive…: a build ends when its builder has vanished for about a minute."))
    }
    if !keys.isEmpty { bindings.append(NixBinding("programs.ssh.knownHosts", .attributes(keys))) }
    return bindings
  }

  private func machines(_ builders: [Builder]) -> [NixBinding] {
    [
      NixBinding(
        "nix.buildMachines", .list(builders.map { .attributes($0.buildMachineBindings) }))
    ]
  }
}

extension Builder {
  /// The builder's entry in `nix.buildMachines`, each line with its line end.
  public func buildMachineText() -> String {
    NixPrinter.text(of: .attributes(buildMachineBindings))
  }

  fileprivate var buildMachineBindings: [NixBinding] {
    var bindings = [
      NixBinding("hostName", .string(hostNameOption)),
      NixBinding("protocol", .string(storeProtocol.rawValue)),
    ]
    if !usesHostBlock {
      bindings.append(NixBinding("sshUser", .string(user)))
      bindings.append(NixBinding("sshKey", .string(keyPath)))
    }
    if let publicHostKey { bindings.append(NixBinding("publicHostKey", .string(publicHostKey))) }
    bindings += [
      NixBinding("systems", .strings(systems)),
      NixBinding("maxJobs", .integer(maxJobs)),
      NixBinding("speedFactor", .number(speedFactor)),
    ]
    for (name, features) in [
      ("supportedFeatures", supportedFeatures), ("mandatoryFeatures", mandatoryFeatures),
    ] where !features.isEmpty {
      bindings.append(NixBinding(name, .strings(features)))
    }
    return bindings
  }
}

extension LocalSettings {
  /// The settings as they stand in `local.nix`, each line with its line end; empty when NixOS's
  /// own are left as they are.
  public func settingsText() -> String { NixPrinter.text(of: settingsBindings) }

  fileprivate var settingsBindings: [NixBinding] {
    var bindings: [NixBinding] = []
    if distributedBuilds { bindings.append(NixBinding("nix.distributedBuilds", .bool(true))) }
    if buildersUseSubstitutes {
      bindings.append(NixBinding("nix.settings.builders-use-substitutes", .bool(true)))
    }
    if let maxJobs {
      bindings.append(NixBinding("nix.settings.max-jobs", .integer(maxJobs)))
    }
    return bindings
  }
}
