import Builders

/// A generated configuration file.
public struct Fragment: Equatable, Sendable {
  /// Its name in the output directory, such as `remote-forge.nix`.
  public var fileName: String
  /// Its content.
  public var text: String

  /// Creates a fragment.
  public init(fileName: String, text: String) {
    self.fileName = fileName
    self.text = text
  }
}

extension Inventory {
  /// Every fragment of this inventory: `local.nix`, then `remote-<alias>.nix` for each builder
  /// that is enabled.
  public func fragments() -> [Fragment] {
    [localFragment()] + enabledBuilders.map { $0.remoteFragment() }
  }

  /// The local machine's fragment.
  public func localFragment() -> Fragment { Fragment(fileName: "local.nix", text: "") }
}

extension Builder {
  /// The builder's own fragment.
  public func remoteFragment() -> Fragment {
    Fragment(fileName: "remote-\(alias).nix", text: "")
  }

  /// The `Host` block of ssh_config(5) that carries the connection, without indentation.
  public func hostBlockText() -> String { "" }

  /// The store URL that Nix on the local machine uses, such as `ssh-ng://forge`.
  public var storeURL: String { "" }

  /// The builder as one line of /etc/nix/machines.
  public var machineLine: String { "" }

  /// Its line of known_hosts; `nil` until a host key is pinned.
  public var knownHostsLine: String? { nil }
}
