import Base
import Builders

extension Builder {
  /// Why the builder cannot do without a `Host` block, as a sentence; `nil` when it can.
  ///
  /// Without one, `nix.buildMachines` says `user@address` and the key; what it has no words for
  /// needs the block, whatever ``Builder/hostBlock`` says.
  public var needsHostBlock: String? {
    let block = "so a Host block named \(alias) is written"
    if port != 22 { return "Up to Nix 2.26 user@address takes no port, \(block) for port \(port)." }
    if let proxyJump {
      return "Only ssh's own configuration can name a bastion, \(block) for \(proxyJump)."
    }
    if Rules.isIPv6(address) {
      return "Older and newer Nix read an IPv6 address after user@ in different ways, \(block)."
    }
    // ssh expands tokens such as %h in -i, and there is no way to escape them there.
    if keyPath.utf8.contains(UInt8(ascii: "%")) {
      return "ssh reads % in the path of a key as its own sign, \(block)."
    }
    return nil
  }

  /// Whether a `Host` block named by the alias is written and carries the connection.
  public var usesHostBlock: Bool { hostBlock || needsHostBlock != nil }

  /// The `Host` block of ssh_config(5) that carries the connection, without indentation, each line
  /// with its line end; empty when there is none.
  public func hostBlockText() -> String {
    hostBlockLines.map { $0 + "\n" }.joined()
  }

  var hostBlockLines: [String] {
    guard usesHostBlock else { return [] }
    return ["Host \(sshArgument(alias))"]
      + [
        "HostName \(sshArgument(escapingTokens(address)))",
        "HostKeyAlias \(sshArgument(alias))",
        "Port \(port)",
        "User \(sshArgument(user))",
        "IdentityFile \(sshArgument(escapingTokens(keyPath)))",
        "IdentitiesOnly yes",
        "ConnectTimeout 5",
      ].map { "  \($0)" }
      + (proxyJump.map { ["  ProxyJump \(sshArgument(escapingTokens($0)))"] } ?? [])
  }
}

/// ssh_config(5) expands `%h` and the like in these arguments; `%%` is the sign itself.
private func escapingTokens(_ text: String) -> String {
  text.unicodeScalars.replacing("%", with: "%%")
}

/// An argument of ssh_config(5), in quotation marks where it needs them. A line has no place for
/// control characters; they are left out.
func sshArgument(_ text: String) -> String {
  let needsNothing = text.utf8.allSatisfy { byte in
    byte > UInt8(ascii: "'") && byte < 0x7F && byte != UInt8(ascii: "=")
      && byte != UInt8(ascii: "\\") || byte == UInt8(ascii: "%")
  }
  if needsNothing, !text.isEmpty { return text }
  let scalars = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
  let isPlain = scalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "\\" && $0 != "'" }
  if isPlain, let first = scalars.first, first != "#", first != "=" {
    return String(scalars)
  }
  var quoted = "\"".unicodeScalars
  for scalar in scalars {
    if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
    quoted.append(scalar)
  }
  quoted.append("\"")
  return String(quoted)
}
