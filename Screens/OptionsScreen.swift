import Base
import Builders
import Fragments
import Interface

extension FormScreen {
  /// What else ssh and Nix are told about the way to a builder; only in editing.
  static var options: FormScreen {
    FormScreen(
      Content(
        heading: { "What else do ssh and Nix need to reach \($0.name)?" },
        purpose: "Lines of its Host block, and settings of its store URL.",
        questions: { _ in
          [
            .optionalText(
              "Connect", hint: "seconds until ssh gives up",
              help: "ConnectTimeout: a builder that is down holds every build up for so long.",
              at: \.connectTimeout, placeholder: standard("ConnectTimeout"),
              rule: rule("ConnectTimeout")),
            .optionalText(
              "Keepalive", hint: "seconds between two questions whether it is there",
              help: """
                ServerAliveInterval: without it a build whose builder has vanished never ends. 0 \
                asks never.
                """,
              at: \.aliveInterval, placeholder: standard("ServerAliveInterval"),
              rule: rule("ServerAliveInterval")),
            .optionalText(
              "Missed", hint: "so many without an answer end the build",
              help: "ServerAliveCountMax.", at: \.aliveCount,
              placeholder: standard("ServerAliveCountMax"), rule: rule("ServerAliveCountMax")),
            .optionalText(
              "ProxyCommand", hint: "a command of this machine that connects",
              help: """
                Instead of connecting itself, ssh runs it, as root, and speaks through it: \
                ssh -W %h:%p jump, or what a tunnel needs. A bastion alone is simpler.
                """,
              at: \.proxyCommand, rule: rule("ProxyCommand")),
            .optionalText(
              "ssh", hint: "more lines, parted by ;",
              help: """
                Options of ssh_config(5) as they stand in a Host block, such as Compression yes; \
                SetEnv LANG=C. A ; of their own is written \\;.
                """,
              at: \.moreOptions, rule: SSHOptionList.problem),
            .optionalText(
              "Store URL", hint: "what stands behind the ?",
              help: """
                Settings of the store, such as compress=true&remote-program=/opt/nix/bin/nix-daemon.
                """,
              at: \.parameters, rule: StoreParameterList.problem),
          ]
        },
        preview: { draft in
          draft.builder.hostBlockText() + draft.builder.storeURL + "\n"
        },
        notice: { $0.builder.hostBlock ? nil : $0.builder.needsHostBlock }))
  }

  private static func rule(_ keyword: String) -> (String) -> String? {
    { $0.isEmpty ? nil : Rules.sshOption(keyword, $0) }
  }

  private static func standard(_ keyword: String) -> String {
    SSHKeyword.standards.first { $0.0 == keyword }?.1 ?? ""
  }
}

extension Draft {
  fileprivate var connectTimeout: String? {
    get { builder.sshOptions["ConnectTimeout"] }
    set { builder.sshOptions["ConnectTimeout"] = newValue }
  }

  fileprivate var aliveInterval: String? {
    get { builder.sshOptions["ServerAliveInterval"] }
    set { builder.sshOptions["ServerAliveInterval"] = newValue }
  }

  fileprivate var aliveCount: String? {
    get { builder.sshOptions["ServerAliveCountMax"] }
    set { builder.sshOptions["ServerAliveCountMax"] = newValue }
  }

  fileprivate var proxyCommand: String? {
    get { builder.sshOptions["ProxyCommand"] }
    set { builder.sshOptions["ProxyCommand"] = newValue }
  }

  fileprivate var moreOptions: String? {
    get {
      let more = builder.sshOptions.filter { !SSHOptionList.asked.contains($0.key) }
      return more.isEmpty ? nil : SSHOptionList.text(of: more)
    }
    set {
      let kept = builder.sshOptions.filter { SSHOptionList.asked.contains($0.key) }
      builder.sshOptions = kept.merging(SSHOptionList.options(in: newValue ?? "")) { old, _ in old }
    }
  }

  fileprivate var parameters: String? {
    get { builder.storeParameters.isEmpty ? nil : builder.storeParametersText }
    set { builder.storeParameters = StoreParameterList.parameters(in: newValue ?? "") ?? [:] }
  }
}

/// Options of ssh_config(5) in one line, parted by `;`.
enum SSHOptionList {
  /// These have fields of their own.
  static let asked: Set<String> = [
    "ConnectTimeout", "ServerAliveInterval", "ServerAliveCountMax", "ProxyCommand",
  ]

  static func text(of options: [String: String]) -> String {
    options.sorted { $0.key < $1.key }.map { name, text in
      "\(name) \(text.unicodeScalars.replacing(";", with: "\\;"))"
    }.joined(separator: "; ")
  }

  static func options(in text: String) -> [String: String] {
    entries(in: text).reduce(into: [:]) { $0[$1.name] = $1.text }
  }

  /// What is wrong with the first wrong one.
  static func problem(_ text: String) -> String? {
    var seen: Set<String> = []
    for (name, text) in entries(in: text) {
      if asked.contains(name) { return "\(name) has a field of its own." }
      if let problem = Rules.sshOption(name, text) { return "\(name): \(problem)" }
      if !seen.insert(name).inserted { return "\(name) stands there twice." }
    }
    return nil
  }

  private static func entries(in text: String) -> [(name: String, text: String)] {
    var parts = [String.UnicodeScalarView()]
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if scalar == ";", !isEscaped {
        parts.append(String.UnicodeScalarView())
        continue
      }
      if scalar == ";" { parts[parts.count - 1].removeLast() }
      parts[parts.count - 1].append(scalar)
      isEscaped = scalar == "\\"
    }
    return parts.compactMap { part -> (name: String, text: String)? in
      let words = part.split(maxSplits: 1, omittingEmptySubsequences: true) {
        $0 == " " || $0 == "\t" || $0 == "="
      }
      guard let name = words.first.map({ String($0) }) else { return nil }
      var rest = words.count > 1 ? words[1] : part[part.endIndex...]
      while rest.first == " " { rest.removeFirst() }
      while rest.last == " " { rest.removeLast() }
      return (SSHKeyword(name)?.name ?? name, String(rest))
    }
  }
}

/// Settings of a store as they stand behind `?` in its URL.
enum StoreParameterList {
  /// The settings; `nil` when it is no such text.
  static func parameters(in text: String) -> [String: String]? {
    guard let url = try? StoreURL("ssh://x?\(text)") else { return nil }
    return url.parameters.reduce(into: [:]) { $0[$1.name] = $1.value }
  }

  static func problem(_ text: String) -> String? {
    guard let parameters = parameters(in: text) else {
      return "A % has to be followed by two hexadecimal digits."
    }
    return parameters.sorted { $0.key < $1.key }.lazy.compactMap { name, value in
      Rules.storeParameter(name, value).map { "\(name): \($0)" }
    }.first
  }
}
