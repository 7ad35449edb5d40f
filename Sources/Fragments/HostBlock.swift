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
    if let line = HostBlockOption.more.first(where: { $0.isGiven(self) }) {
      return "Only ssh's own configuration can say \(line.keyword), \(block)."
    }
    if let option = sshOptions.keys.sorted().first {
      return "Only ssh's own configuration can say \(option), \(block)."
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
}

extension Builder {
  /// The `Host` block of ssh_config(5) that carries the connection, without indentation, each line
  /// with its line end; empty when there is none.
  public func hostBlockText() -> String {
    hostBlockLines.map { $0 + "\n" }.joined()
  }

  var hostBlockLines: [String] {
    guard usesHostBlock else { return [] }
    return ["Host \(sshArgument(alias))"]
      + HostBlockOption.all(of: self).map { "  \($0.keyword) \($0.text)" }
  }

  /// The options of the block for which there is no question: what every block says, unless the
  /// builder's own options say otherwise, and those.
  public var writtenOptions: [(keyword: SSHKeyword, text: String)] {
    var own = sshOptions
    let standards = SSHKeyword.standards.map { ($0.0, own.removeValue(forKey: $0.0) ?? $0.1) }
    let answers = HostBlockOption.more.compactMap { line in
      line.print(self).map { (line.keyword, $0) }
    }
    return (answers + standards + own.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      .compactMap { name, text in SSHKeyword(name).map { ($0, withoutControl(text)) } }
  }

  /// Takes the answers from a `Host` block, the way back from ``hostBlockText()``.
  ///
  /// - Parameter block: what stands after each keyword, which is in lower case.
  mutating func read(hostBlock block: [String: String]) {
    var rest = block
    for option in HostBlockOption.answered + HostBlockOption.more {
      option.read(rest.removeValue(forKey: option.keyword.lowercased()), &self)
    }
    sshOptions = [:]
    for (keyword, text) in rest {
      // What no rule lets through is no answer.
      guard let keyword = SSHKeyword(keyword), Rules.sshOption(keyword.name, text) == nil else {
        continue
      }
      sshOptions[keyword.name] = text
    }
    for (keyword, standard) in SSHKeyword.standards where sshOptions[keyword] == standard {
      sshOptions[keyword] = nil
    }
  }
}

/// A line of a builder's `Host` block that says an answer: how it is printed and how it is read.
struct HostBlockOption: Sendable {
  let keyword: String
  /// What stands after the keyword; `nil` when the line is left out.
  let print: @Sendable (Builder) -> String?
  /// Takes what stands there; `nil` when there is no such line.
  let read: @Sendable (String?, inout Builder) -> Void
  /// Whether the builder says something else than a new one.
  let isGiven: @Sendable (Builder) -> Bool

  /// The lines with which every block begins, in their order.
  static let answered = [
    "HostName", "HostKeyAlias", "Port", "User", "IdentityFile", "IdentitiesOnly", "ProxyJump",
  ].map { keyword in all.first { $0.keyword == keyword } ?? identitiesOnly }

  /// The lines of all other answers.
  static let more = all.filter { line in !answered.contains { $0.keyword == line.keyword } }

  /// Whether an answer has a line that not every block begins with.
  static func isMore(_ answer: Answer<Builder>) -> Bool {
    more.contains { $0.keyword == answer.hostBlockLine?.keyword }
  }

  private static let all = Builder.answers.compactMap { answer in
    answer.hostBlockLine.map { HostBlockOption(answer, $0) }
  }

  private static let identitiesOnly = HostBlockOption(
    keyword: "IdentitiesOnly", print: { _ in "yes" }, read: { _, _ in }, isGiven: { _ in false })

  private init(
    keyword: String, print: @escaping @Sendable (Builder) -> String?,
    read: @escaping @Sendable (String?, inout Builder) -> Void,
    isGiven: @escaping @Sendable (Builder) -> Bool
  ) {
    self.keyword = keyword
    self.print = print
    self.read = read
    self.isGiven = isGiven
  }

  private init(_ answer: Answer<Builder>, _ line: HostBlockLine) {
    self.init(
      keyword: line.keyword,
      print: { builder in
        answer.typed(builder).map { sshArgument(line.expandsTokens ? escapingTokens($0) : $0) }
      },
      read: { text, builder in
        if line.isRepetition { return }
        guard let text = text.flatMap(Self.argument) else { return answer.clear(&builder) }
        // What no rule lets through is told by the rules of the whole builder.
        answer.takeUnchecked(line.expandsTokens ? withoutTokens(text) : text, &builder)
      },
      isGiven: { answer.typed($0) != answer.typed(Builder(alias: "", address: "", systems: [])) })
  }

  /// The first word of what stands after a keyword.
  private static func argument(_ text: String) -> String? { SSHKeyword.words(of: text)?.first }

  /// The options of a builder's block in their order: the answers, what every block says, and then
  /// the builder's own options.
  static func all(of builder: Builder) -> [(keyword: String, text: String)] {
    answered.compactMap { line in line.print(builder).map { (line.keyword, $0) } }
      + builder.writtenOptions.map { ($0.keyword.name, $0.text) }
  }
}

/// ssh_config(5) expands `%h` and the like in these arguments; `%%` is the sign itself.
private func escapingTokens(_ text: String) -> String {
  text.unicodeScalars.replacing("%", with: "%%")
}

private func withoutTokens(_ text: String) -> String {
  text.unicodeScalars.replacing("%%", with: "%")
}

/// A line has no place for control characters.
private func withoutControl(_ text: String) -> String {
  String(text.unicodeScalars.filter { $0.properties.generalCategory != .control })
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
