import Base

/// An ssh command as somebody types it, with the options of ssh(1).
struct SSHCommandLine {
  private var words: ArraySlice<String>
  private var destination = SSHDestination(host: "")
  /// What `-o HostName` says.
  private var hostName: String?

  /// Where a command goes.
  static func destination(in line: String) throws(Problem) -> SSHDestination {
    // Without a word of ssh's there is nothing to take apart, and the rule for addresses says
    // best what is wrong.
    let words = try ShellWords.split(ShellWords.withoutPrompt(line))
    guard let options = arguments(of: words) else {
      throw Problem(Rules.address(line) ?? "\(Rules.quoted(line)) is not an ssh command.")
    }
    var command = SSHCommandLine(words: options)
    try command.read()
    return command.destination
  }

  private init(words: ArraySlice<String>) { self.words = words }

  /// The words behind `ssh`, and behind `sudo` where that was copied along; `nil` when it
  /// is no such command. One may begin with the options or the destination, too.
  private static func arguments(of words: [String]) -> ArraySlice<String>? {
    let rest = words.drop { ["sudo", "exec"].contains($0) }
    guard let first = rest.first else { return nil }
    if first == "ssh" || first.unicodeScalars.hasSuffix("/ssh") { return rest.dropFirst() }
    let isArguments =
      first.isOption
      || rest.dropFirst().first?.isOption == true
        && first.utf8.contains { "@.:".utf8.contains($0) }
    return isArguments ? rest : nil
  }

  // MARK: - Words

  private mutating func read() throws(Problem) {
    var isOpen = true
    while let word = words.popFirst() {
      if isOpen, word == "--" {
        isOpen = false
      } else if isOpen, word.isOption {
        try read(options: word)
      } else if destination.host.isEmpty {
        try take(destination: word)
      } else {
        // What is left is run there.
        destination.leftOut.append(([word] + words).joined(separator: " "))
        break
      }
    }
    if destination.host.isEmpty { throw Problem("The command names no host.") }
    destination.host = hostName ?? destination.host
  }

  private mutating func take(destination word: String) throws(Problem) {
    // ssh itself takes no port behind a host; people write it all the same.
    let found = try SSHDestination(word: word)
    destination.host = found.host
    destination.user = destination.user ?? found.user
    destination.port = destination.port ?? found.port
    destination.leftOut += found.leftOut
  }

  // MARK: - Options

  /// Options whose value belongs to the way to the machine, by the keyword that says the same.
  private static let keywords: [Unicode.Scalar: String] = [
    "b": "BindAddress", "B": "BindInterface", "c": "Ciphers", "I": "PKCS11Provider", "m": "MACs",
  ]
  /// Options without a value that say the same as an option of ssh_config(5).
  private static let switches: [Unicode.Scalar: (String, String)] = [
    "4": ("AddressFamily", "inet"), "6": ("AddressFamily", "inet6"), "C": ("Compression", "yes"),
  ]
  /// Other options with a value.
  private static let withValue = "DEeFLOPQRSWw".unicodeScalars
  /// Options that are about the terminal or what is printed: nothing is lost without them.
  private static let aboutTerminal = "afGknNqstTvVxy".unicodeScalars
  /// Other options without a value.
  private static let plain = "12AgKMXY".unicodeScalars

  /// Reads a word such as `-p2222` or `-vp`, whose value may be the next word.
  private mutating func read(options word: String) throws(Problem) {
    var rest = Array(word.unicodeScalars.dropFirst())[...]
    while let letter = rest.popFirst() {
      if let (keyword, value) = Self.switches[letter] {
        take(SSHDestination.Option(keyword, value))
      } else if Self.plain.contains(letter) {
        destination.leftOut.append("-\(letter)")
      } else if Self.aboutTerminal.contains(letter) {
        continue
      } else {
        let value = rest.isEmpty ? words.popFirst() : String(scalars: rest)
        return try take(letter, value)
      }
    }
  }

  private mutating func take(_ letter: Unicode.Scalar, _ given: String?) throws(Problem) {
    func value() throws(Problem) -> String {
      guard let given else { throw Problem("-\(letter) has no value behind it.") }
      return given
    }
    switch letter {
    case "p": try destination.take(port: value())
    case "l": try destination.take(user: value())
    case "i": try destination.take(identityFile: value())
    case "J": try destination.take(proxyJump: value())
    case "o": try take(option: value())
    default:
      if let keyword = Self.keywords[letter] {
        take(SSHDestination.Option(keyword, try value()))
      } else if Self.withValue.contains(letter) {
        destination.leftOut.append("-\(letter) \(try value())")
      } else {
        throw Problem("ssh has no option \(Rules.quoted("-\(letter)")).")
      }
    }
  }

  /// Takes `Keyword=value` or `"Keyword value"`, as ssh_config(5) has it.
  private mutating func take(option text: String) throws(Problem) {
    let scalars = Array(text.unicodeScalars)
    let keyword = scalars.prefix { $0 != "=" && !ShellWords.isBlank($0) }
    let value = scalars[keyword.endIndex...]
      .drop(while: { ShellWords.isBlank($0) || $0 == "=" })
    let option = SSHDestination.Option(
      String(scalars: keyword), ShellWords.trimmed(String(scalars: value)))
    let isKeyword =
      !keyword.isEmpty && keyword.allSatisfy { $0.isLetterOrDigit }
    guard isKeyword, !option.value.isEmpty, option.value.unicodeScalars.allSatisfy(\.isVisible)
    else {
      throw Problem("-o \(Rules.quoted(text)): it looks like -o Keyword=value.")
    }
    switch option.keyword.lowercased() {
    case "hostname":
      if let problem = Rules.address(option.value) { throw Problem("HostName: \(problem)") }
      hostName = hostName ?? option.value
    case "port": try destination.take(port: option.value)
    case "user": try destination.take(user: option.value)
    case "proxyjump": try destination.take(proxyJump: option.value)
    case "identityfile": try destination.take(identityFile: option.value)
    default: take(option)
    }
  }

  private mutating func take(_ option: SSHDestination.Option) {
    let keyword = option.keyword.lowercased()
    if !destination.options.contains(where: { $0.keyword.lowercased() == keyword }) {
      destination.options.append(option)
    }
  }
}

extension String {
  /// Whether ssh would read it as options.
  fileprivate var isOption: Bool { utf8.first == UInt8(ascii: "-") && utf8.count > 1 }
}
