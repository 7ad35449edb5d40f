/// What each answer may look like: every rule takes an answer as it was typed and returns what
/// is wrong with it, or `nil`.
///
/// The rules are as strict as the narrowest place an answer ends in: a Nix string, an
/// ssh_config(5) argument, a column of /etc/nix/machines, a file name.
public enum Rules {
  /// An alias: it names a `Host` block and the file `remote-ALIAS.nix`.
  public static func alias(_ text: String) -> String? {
    if text.isEmpty { return "A name is needed, such as forge." }
    let fine = "Letters, digits, dots, - and _ are fine."
    if let wrong = text.first(where: { !isName($0) }) {
      return "\(quoted(text)) has \(naming(wrong)). \(fine)"
    }
    if let first = text.first, first == "-" || first == "." {
      return "\(quoted(text)) starts with \(first). It has to start with a letter, a digit or _."
    }
    return text.count > 63 ? "The name has \(text.count) characters; 63 is the most." : nil
  }

  /// A group or user name, as useradd(8) takes it.
  public static func user(_ text: String) -> String? {
    if text.isEmpty { return "An account is needed, such as nixremote." }
    if let wrong = text.first(where: { !isName($0) }) {
      return "\(quoted(text)) has \(naming(wrong)). Letters, digits, dots, - and _ are fine."
    }
    if let first = text.first, !(first.isLetter || first == "_") {
      return "\(quoted(text)) starts with \(first). It has to start with a letter or _."
    }
    return text.count > 31 ? "The name has \(text.count) characters; 31 is the most." : nil
  }

  /// An absolute path of a file, without what ssh_config(5) or /etc/nix/machines cannot hold.
  public static func path(_ text: String) -> String? {
    if text.isEmpty { return "A path is needed, such as /root/.ssh/forge." }
    guard text.hasPrefix("/") else {
      return text.hasPrefix("~")
        ? "Write the path in full: it is root that logs in, and ~ would be root's home."
        : "\(quoted(text)) is not absolute. It has to start with /."
    }
    if text.hasSuffix("/") { return "\(quoted(text)) is a folder. The path of a file is needed." }
    let refused: Set<Character> = ["\"", "'", "\\", "$", "#", ";", ","]
    if let wrong = text.first(where: { isBlankOrControl($0) || refused.contains($0) }) {
      return "\(quoted(text)) has \(naming(wrong)), which ssh or Nix would misread."
    }
    return text.utf8.count > 1024 ? "The path is longer than 1024 bytes." : nil
  }

  /// The absolute path of a folder, such as `/etc/nixos`.
  public static func folder(_ text: String) -> String? {
    guard text.hasPrefix("/") else { return "An absolute path is needed, such as /etc/nixos." }
    if text.count > 1, text.hasSuffix("/") { return "Write it without the / at its end." }
    return text.first(where: isControl).map { "The path has \(naming($0))." }
  }

  /// The path of a private key.
  public static func keyPath(_ text: String) -> String? {
    if text.hasSuffix(".pub") {
      return "That is the public half. Give the private key, without .pub."
    }
    return path(text)
  }

  /// A system, such as `x86_64-linux`.
  public static func system(_ text: String) -> String? {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.allSatisfy(isWord) else {
      return "\(quoted(text)) is not a system. They look like x86_64-linux."
    }
    return nil
  }

  /// A feature, such as `kvm` or `gccarch-skylake`.
  public static func feature(_ text: String) -> String? {
    if text.isEmpty { return "A feature needs a name." }
    guard let first = text.first, isWord(first), first != "-",
      text.allSatisfy({ isWord($0) || $0 == "." || $0 == "+" })
    else {
      return "\(quoted(text)) is not a feature. Letters, digits, - _ . and + are fine."
    }
    return nil
  }

  /// A TCP port.
  public static func port(_ text: String) -> String? {
    number(text, in: 1...65535, such: "22")
  }

  /// How many builds at once.
  public static func maxJobs(_ text: String) -> String? {
    number(text, in: 1...65536, such: "4")
  }

  /// A user or group id; empty lets NixOS choose.
  public static func id(_ text: String) -> String? {
    text.isEmpty ? nil : number(text, in: 0...4_294_967_293, such: "500")
  }

  /// The user id of an account; empty lets NixOS choose.
  public static func userID(_ text: String, of account: Account) -> String? {
    if let problem = id(text) { return problem }
    guard account.create, !account.systemUser, let number = Int(text), number < 1000 else {
      return nil
    }
    return "\(number) is a system user's. A normal user has 1000 or more."
  }

  /// As high as a speed factor may be.
  static let highestSpeedFactor = 1_000_000.0

  /// A speed factor: above 0, the default is 1.
  public static func speedFactor(_ text: String) -> String? {
    guard text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let value = Double(text), value > 0, value <= highestSpeedFactor
    else { return "\(quoted(text)) is not a number above 0, such as 1 or 2.5." }
    return nil
  }

  /// A description (GECOS): it must not contain what separates the fields of passwd(5).
  public static func description(_ text: String) -> String? {
    if let wrong = text.first(where: { $0 == ":" || isControl($0) }) {
      return "The description has \(naming(wrong)), which /etc/passwd cannot hold."
    }
    return text.count > 200 ? "The description has more than 200 characters." : nil
  }

  /// A key as one line of `authorized_keys` or `known_hosts`: type, base64, perhaps a comment.
  public static func publicKey(_ text: String) -> String? {
    let parts = text.utf8.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard parts.count >= 2, let first = parts[0].first, isLetter(first),
      parts[0].allSatisfy({ isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "@") }),
      parts[1].count >= 16, parts[1].allSatisfy(isBase64), !hasControl(text)
    else { return "\(quoted(text)) is not a public key. They look like: ssh-ed25519 AAAA…" }
    return nil
  }

  static func number(_ text: String, in range: ClosedRange<Int>, such example: String) -> String? {
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text),
      range.contains(value)
    else {
      return text.isEmpty
        ? "A number is needed, such as \(example)."
        : "\(quoted(text)) is not a number from \(range.lowerBound) to \(range.upperBound)."
    }
    return nil
  }
}

// MARK: - Characters

extension Rules {
  // There may be ten thousand builders, and all of them are looked through at each start: for ASCII
  // the byte tells all that Unicode's tables would.

  /// ASCII letters and digits, `-` and `_`.
  static func isWord(_ character: Character) -> Bool {
    character.asciiValue.map(isWord) ?? false
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  static func isName(_ character: Character) -> Bool { isWord(character) || character == "." }

  static func isBase64(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
      || byte == UInt8(ascii: "=")
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    // The fifth bit is what tells small letters from capitals.
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  static func isControl(_ character: Character) -> Bool {
    if let byte = character.asciiValue { return byte < 0x20 || byte == 0x7F }
    return character.unicodeScalars.contains {
      $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
        || $0.properties.generalCategory == .lineSeparator
        || $0.properties.generalCategory == .paragraphSeparator
    }
  }

  /// Whether a text has a control character anywhere.
  static func hasControl(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    return !isPlain && text.contains(where: isControl)
  }

  static func isBlankOrControl(_ character: Character) -> Bool {
    if let byte = character.asciiValue { return byte <= 0x20 || byte == 0x7F }
    return character.isWhitespace || isControl(character)
  }

  /// The text in quotation marks, short enough for one line and without control characters.
  static func quoted(_ text: String) -> String {
    let harmless = String(text.map { isControl($0) || $0.isNewline ? "·" : $0 })
    return harmless.count > 40 ? "\"\(harmless.prefix(39))…\"" : "\"\(harmless)\""
  }

  /// A character as one would say it.
  static func naming(_ character: Character) -> String {
    if character.isNewline { return "a line break" }
    if character == "\t" { return "a tab" }
    if character.isWhitespace { return "a blank" }
    if isControl(character) { return "a control character" }
    return "\(character)"
  }
}
