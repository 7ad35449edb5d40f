import Builders
import Fragments

/// What the person who looks after a builder needs to let this machine build on it, as one text.
struct HandOver {
  let builder: Builder
  /// The name of the machine that is to be let in.
  let hostName: String

  private var file: String { "remote-\(builder.alias).nix" }
  private var client: String { hostName.isEmpty ? "another machine" : hostName }

  /// The text.
  var text: String {
    """
    \(client) would like to hand Nix builds to \(builder.alias) (\(builder.address)).

    1. Save this beside its configuration.nix, as \(file):

    \(builder.remoteFragment().text)
    2. Import it in configuration.nix, once:

      imports = [ ./\(file) ];

    3. Switch:

      nixos-rebuild switch

    What to expect: \(effects.joined(separator: " "))
    Without the import, the next switch takes all of it back.

    """
  }

  private var effects: [String] {
    let account = builder.account
    var effects = [
      account.create && builder.user != "root"
        ? "There is a new account \(builder.user), without a password."
        : "The account \(builder.user) stays as it is."
    ]
    switch account.authorizedKeys {
    case .keys: effects.append("It accepts the key that stands in the file.")
    case .keyFiles: effects.append("It accepts the keys in \(account.keyFile ?? "the named file").")
    }
    if account.restricted { effects.append("That key serves Nix and nothing else.") }
    if account.trusted, builder.user != "root" {
      effects.append("Nix trusts the account, which is as much as to trust it as root.")
    }
    let ports = account.sshdPorts.map { "at port " + $0.map { "\($0)" }.joined(separator: ", ") }
    effects.append("sshd is on, \(ports ?? "at the ports that it has").")
    if !account.emulatedSystems.isEmpty {
      effects.append("It emulates \(account.emulatedSystems.joined(separator: ", ")).")
    }
    if let features = account.systemFeatures {
      effects.append("Nix announces the features \(features.joined(separator: ", ")).")
    }
    return effects
  }
}
