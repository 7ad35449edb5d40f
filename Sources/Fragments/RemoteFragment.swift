import Builders

extension Builder {
  /// The builder's own fragment: the account, its key, its trust, and what was asked for besides.
  public func remoteFragment() -> Fragment {
    Fragment(
      fileName: remoteFileName,
      about: "Lets another machine build on this one, which is \(alias) there.", remoteBindings)
  }

  var remoteBindings: [NixBinding] {
    .groups(accountBindings, nixBindings, sshdBindings, emulationBindings)
  }

  /// Whether there is one: a machine that builds only for macOS does not run NixOS.
  public var hasRemoteFragment: Bool {
    systems.isEmpty || !systems.allSatisfy { $0.unicodeScalars.hasSuffix("-darwin") }
  }

  var remoteFileName: String { "remote-\(alias).nix" }

  /// The account as it stands in the builder's fragment (`users.users` and `users.groups`), each
  /// line with its line end.
  public func accountText() -> String { NixPrinter.text(of: accountBindings) }

  /// The rest of the builder's fragment: trust, announced features, sshd and emulation, each line
  /// with its line end.
  public func remoteSettingsText() -> String {
    NixPrinter.text(of: .groups(nixBindings, sshdBindings, emulationBindings))
  }

  // MARK: - The account

  /// Root is there on every machine.
  private var makesAccount: Bool { account.create && user != "root" }

  private var accountBindings: [NixBinding] {
    guard makesAccount else {
      return [authorizedKey(path: ["users", "users", user, "openssh", "authorizedKeys"])]
    }
    return [
      NixBinding(["users", "users", user], .attributes(newAccount)),
      NixBinding(
        ["users", "groups", groupName] + (account.gid == nil ? [] : ["gid"]),
        account.gid.map { .integer($0) } ?? .attributes([])),
    ]
  }

  private var newAccount: [NixBinding] {
    var bindings = [NixBinding(account.systemUser ? "isSystemUser" : "isNormalUser", .bool(true))]
    if !account.description.isEmpty {
      bindings.append(NixBinding("description", .string(account.description)))
    }
    if let uid = account.uid { bindings.append(NixBinding("uid", .integer(uid))) }
    bindings.append(NixBinding("group", .string(groupName)))
    bindings.append(NixBinding("createHome", .bool(account.createHome)))
    if account.createHome, account.systemUser {
      // NixOS gives only normal users a home of their own; a system user's is /var/empty.
      bindings.append(NixBinding("home", .string("/var/lib/\(user)")))
    }
    var shell = NixBinding("useDefaultShell", .bool(account.useDefaultShell))
    if account.useDefaultShell {
      shell.comment = ["ssh starts Nix with it: without a shell no build can start."]
    }
    bindings.append(shell)
    bindings.append(authorizedKey(path: ["openssh", "authorizedKeys"]))
    return bindings
  }

  /// The public key, or the file that holds it.
  private func authorizedKey(path: [String]) -> NixBinding {
    switch account.authorizedKeys {
    case .keyFiles:
      return NixBinding(
        path + ["keyFiles"], .strings(account.keyFile.map { [$0] } ?? []),
        comment: account.restricted
          ? ["What binds the key to Nix has to stand in that file, before the key:", keyOptions]
          : [])
    case .keys:
      let key = publicKey.map { account.restricted ? "\(keyOptions) \($0)" : $0 }
      return NixBinding(
        path + ["keys"], .strings(key.map { [$0] } ?? []),
        comment: key == nil ? ["The key does not exist yet; nix-builders adds it here."] : [])
    }
  }

  /// What binds a key to Nix alone, as authorized_keys takes it before the key (sshd(8)).
  public var keyOptions: String {
    let command =
      switch storeProtocol {
      case .sshNG: "nix-daemon --stdio"
      case .ssh: "nix-store --serve --write"
      }
    return #"restrict,command="\#(command)""#
  }

  // MARK: - The machine

  private var nixBindings: [NixBinding] {
    var bindings: [NixBinding] = []
    if account.trusted {
      var trust = NixBinding("nix.settings.trusted-users", .strings([user]))
      if user != "root" {
        trust.comment = [
          "Lets it copy in what no cache has signed. Whoever Nix trusts can become root."
        ]
      }
      bindings.append(trust)
    }
    if let features = account.systemFeatures {
      bindings.append(
        NixBinding(
          "nix.settings.system-features", .strings(features),
          comment: "Replaces the list that NixOS would announce."))
    }
    return bindings
  }

  private var sshdBindings: [NixBinding] {
    var bindings = [NixBinding("services.openssh.enable", .bool(true))]
    if let ports = account.sshdPorts {
      bindings.append(
        NixBinding(
          "services.openssh.ports", .list(ports.map { .integer($0) }),
          comment: "Replaces port 22 and whatever else NixOS would listen on."))
    } else if port != 22 {
      bindings[0].comment = [
        "The ports stay as they are: a list of them would replace 22, and \(port) may be forwarded."
      ]
    }
    return bindings
  }

  private var emulationBindings: [NixBinding] {
    if account.emulatedSystems.isEmpty { return [] }
    return [NixBinding("boot.binfmt.emulatedSystems", .strings(account.emulatedSystems))]
  }
}
