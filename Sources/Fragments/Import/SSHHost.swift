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

  /// What it says besides and no builder can have, as keywords with their values.
  public var surplus: [String] {
    let kept = Set(besides.filter { Rules.sshOption($0.name, $1) == nil }.map(\.0.name))
    return differences.filter { keyword in
      !Self.carried.contains(keyword) && SSHKeyword(keyword).map { kept.contains($0.name) } != true
    }.map { keyword in
      let value = (options.values[keyword] ?? []).joined(separator: " ")
      return value.isEmpty || value.unicodeScalars.count > 40 ? keyword : "\(keyword) \(value)"
    }
  }

  /// What it says besides, as options of a builder.
  public var sshOptions: [String: String] {
    var found: [String: String] = [:]
    for (keyword, text) in besides where Rules.sshOption(keyword.name, text) == nil {
      found[keyword.name] = text
    }
    for (name, standard) in SSHKeyword.standards where found[name] == standard { found[name] = nil }
    return found
  }

  /// What it says of an answer that has no part in the way to the host, as it stands there; `nil`
  /// where it says what it says of any other.
  func answer(_ keyword: String) -> String? {
    let name = keyword.lowercased()
    guard let value = options[name],
      differences.contains(name) || options.values[name] != standard.values[name]
    else { return nil }
    return value
  }

  /// What it says besides that is left out or is worth a look, each a sentence or two.
  public var remarks: [String] {
    besides.flatMap { keyword, text in
      if let problem = Rules.sshOption(keyword.name, text) {
        return ["\(keyword.name) \(text) is left out. \(problem)"]
      }
      var remarks =
        keyword.runs.map { ["\(keyword.name) is kept, and \($0), as root: \(text)"] } ?? []
      let values = options.values[keyword.name.lowercased()] ?? []
      if values.count > 1, !Self.isRepeatable(keyword) {
        let others = values.dropFirst().joined(separator: ", ")
        remarks.append("Of several lines the first \(keyword.name) is kept; left out: \(others)")
      }
      return remarks
    }
      + differences.filter { SSHKeyword($0) == nil }.map {
        "\($0) \(options.values[$0]?.first ?? "") is left out. It is no option of ssh_config(5)."
      }
  }

  /// The options beside those that a builder has questions for. What every block says unless it is
  /// told otherwise counts wherever it is set, since that would be overridden.
  private var besides: [(SSHKeyword, String)] {
    let standards = SSHKeyword.standards.map { $0.0.lowercased() }.filter {
      options.values[$0] != standard.values[$0]
    }
    return Set(differences + standards).subtracting(Self.carried).sorted().compactMap { name in
      guard let keyword = SSHKeyword(name), let values = options.values[name] else { return nil }
      return (keyword, text(of: keyword, values))
    }
  }

  /// What `ssh -G` prints, as it stands in a Host block.
  private func text(of keyword: SSHKeyword, _ values: [String]) -> String {
    let first = values.first ?? ""
    if keyword.isCommand { return first }
    switch keyword.name {
    case "SetEnv", "SendEnv": return values.map(sshArgument).joined(separator: " ")
    // They are printed as one would write them.
    case "IPQoS", "RekeyLimit", "CanonicalDomains", "CanonicalizePermittedCNAMEs",
      "ChannelTimeout", "PermitRemoteOpen", "LocalForward", "RemoteForward", "LogVerbose":
      return first
    // It is printed with its tokens replaced.
    case "ControlPath": return sshArgument(first.unicodeScalars.replacing("%", with: "%%"))
    case "HostKeyAlgorithms", "KexAlgorithms", "Ciphers", "MACs", "PubkeyAcceptedAlgorithms",
      "CASignatureAlgorithms", "HostbasedAcceptedAlgorithms":
      return Self.algorithms(first, of: standard[keyword.name.lowercased()] ?? "")
    default: return sshArgument(first)
    }
  }

  private static func isRepeatable(_ keyword: SSHKeyword) -> Bool {
    ["SetEnv", "SendEnv"].contains(keyword.name)
  }

  private static func names(in list: String) -> [String] {
    list.unicodeScalars.split(separator: ",").map { String($0) }
  }

  /// A list of algorithms as what it adds to ssh's own or takes from them, where it is that: other
  /// versions of ssh know others.
  static func algorithms(_ list: String, of standard: String) -> String {
    let (found, own) = (names(in: list), names(in: standard))
    if own.isEmpty || found.isEmpty { return list }
    if found.starts(with: own), found.count > own.count {
      return "+" + found.dropFirst(own.count).joined(separator: ",")
    }
    let kept = own.filter(found.contains)
    if kept == found { return "-" + own.filter { !found.contains($0) }.joined(separator: ",") }
    for count in found.indices.dropFirst() {
      let first = found.prefix(count)
      if Array(found.dropFirst(count)) == own.filter({ !first.contains($0) }) {
        return "^" + first.joined(separator: ",")
      }
    }
    return list
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
  private static let carried = Set(
    Builder.answers.compactMap { $0.hostBlockLine?.keyword.lowercased() } + [
      "identitiesonly",
      // ssh itself sets it by the files of known_hosts, and a pinned host key needs no update.
      "updatehostkeys",
    ])
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
