import Base

/// What `ssh -G` says of a host: the options of ssh_config(5) as they hold for it.
public struct SSHOptions: Equatable, Sendable {
  /// Each keyword, in lower case, with its values in their order.
  public private(set) var values: [String: [String]] = [:]

  /// Reads what `ssh -G` prints: a keyword and its value on each line.
  public init(printed text: String) {
    for line in text.unicodeScalars.lines where !line.isEmpty {
      let keyword = line.prefix { $0 != " " }
      let value = line[keyword.endIndex...].dropFirst()
      values[String(keyword), default: []].append(String(value))
    }
  }

  /// The value of an option that has one; `nil` when it is not set.
  public subscript(keyword: String) -> String? { values[keyword]?.first }

  /// Files of private keys, as they stand in the configuration: their tokens are not expanded.
  public var identityFiles: [String] { values["identityfile"] ?? [] }

  /// The bastion; `nil` for none.
  public var proxyJump: String? {
    guard let jump = self["proxyjump"], jump != "none" else { return nil }
    // It is printed before %% has become %.
    return jump.unicodeScalars.replacing("%%", with: "%")
  }
}
