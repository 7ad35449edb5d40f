import Base
import Builders

/// What ssh's configuration says of the host of a machine, beside what it says of any other.
public struct SSHHost: Equatable, Sendable {
  /// The options for this host.
  public var options: SSHOptions
  /// The options for a host that no block names.
  public var elsewhere: SSHOptions
  /// The options where there is no configuration at all.
  public var standard: SSHOptions

  /// Creates a description.
  public init(options: SSHOptions, elsewhere: SSHOptions, standard: SSHOptions) {
    self.options = options
    self.elsewhere = elsewhere
    self.standard = standard
  }

  /// The private keys that the configuration names, as they stand there; empty when ssh is left to
  /// its own ones.
  public var namedIdentityFiles: [String] {
    options.identityFiles == standard.identityFiles ? [] : options.identityFiles
  }

  /// The account that the configuration names; `nil` when ssh is left to take the user's own name.
  public var namedUser: String? {
    options["user"] == standard["user"] ? nil : options["user"]
  }

  /// Whether a `Host` block says something of this host that the URL does not say.
  public func hasBlock(for url: StoreURL) -> Bool {
    let given = (url.user == nil ? [] : ["user"]) + (url.port == nil ? [] : ["port"])
    return options["hostname"]?.lowercased() != url.host.lowercased()
      || !differences.filter { !given.contains($0) }.isEmpty
  }

  /// What it says besides that no builder can hold, as keywords with their values.
  public var surplus: [String] {
    differences.filter { !Self.carried.contains($0) }.map { keyword in
      let value = (options.values[keyword] ?? []).joined(separator: " ")
      return value.isEmpty || value.unicodeScalars.count > 40 ? keyword : "\(keyword) \(value)"
    }
  }

  /// The keywords that have other values than elsewhere. `host` and `hostname` always have.
  private var differences: [String] {
    options.values.keys.filter { keyword in
      switch keyword {
      case "host", "hostname": false
      // It is printed with the host's name in it, also where it stands for all hosts.
      case "controlpath": elsewhere[keyword] == nil
      default: options.values[keyword] != elsewhere.values[keyword]
      }
    }.sorted()
  }

  /// What a builder holds, and what its own `Host` block says in any case.
  private static let carried: Set<String> = [
    "connecttimeout", "hostkeyalias", "identitiesonly", "identityfile", "port", "proxyjump", "user",
  ]
}

/// The path of a private key with the tokens of ssh_config(5) replaced.
///
/// It is Nix's daemon that logs in, so they are those of root.
///
/// - Parameters:
///   - text: the path as it stands in the configuration.
///   - host: the address that the name stands for.
/// - Returns: `nil` when it has a token that only ssh can replace.
func keyPath(
  _ text: String, home: String, url: StoreURL, host: String, user: String, port: Int
) -> String? {
  var rest = text.unicodeScalars[...]
  if rest.contains("${") { return nil }
  var path = ""
  if rest.isExactly("~") || rest.hasPrefix("~/") {
    path = home
    rest = rest.dropFirst()
  } else if rest.first == "~" {
    return nil
  }
  while let scalar = rest.popFirst() {
    guard scalar == "%" else {
      path.unicodeScalars.append(scalar)
      continue
    }
    switch rest.popFirst() {
    case "%": path += "%"
    case "d": path += home
    case "h": path += host
    case "i": path += "0"
    case "n": path += url.host
    case "p": path += "\(port)"
    case "r": path += user
    case "u": path += "root"
    default: return nil
    }
  }
  return path
}
