/// What `ssh -G` says of a host: the options of ssh_config(5) as they hold for it.
public struct SSHOptions: Equatable, Sendable {
  /// Each keyword, in lower case, with its values in their order.
  public private(set) var values: [String: [String]] = [:]

  /// Reads what `ssh -G` prints: a keyword and its value on each line.
  public init(printed text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      guard let keyword = words.first else { continue }
      values[String(keyword), default: []].append(words.count > 1 ? String(words[1]) : "")
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
    return jump.replacing("%%", with: "%")
  }
}
