import Base
import Builders

extension Builder {
  /// Its line of known_hosts; `nil` until a host key is pinned. It names the builder as ssh looks
  /// for it: by the alias (HostKeyAlias), without a `Host` block by the address.
  public var knownHostsLine: String? {
    pinnedHostKey.map { "\(hostName) \($0)" }
  }

  /// Type and key of the pinned host key, without a comment.
  var pinnedHostKey: String? {
    guard let fields = hostKey?.unicodeScalars.words, fields.count > 1 else { return nil }
    return "\(fields[0]) \(fields[1])"
  }

  /// The pinned host key as Nix takes it in `publicHostKey`, where no known_hosts has it.
  var publicHostKey: String? { usesHostBlock ? nil : encodedHostKey }

  /// The pinned host key in base64.
  public var encodedHostKey: String? { pinnedHostKey.map { Base64.encoded($0.utf8) } }
}
