import Base

/// What each answer may look like: every rule takes an answer as it was typed and returns what
/// is wrong with it, or `nil`.
///
/// The rules are as strict as the narrowest place an answer ends in: a Nix string, an
/// ssh_config(5) argument, a column of /etc/nix/machines, a file name. They look at scalars, as
/// those places do: a combining mark hides nothing.
public enum Rules {
  /// An alias: it names a `Host` block and the file `remote-ALIAS.nix`.
  public static func alias(_ text: String) -> String? {
    if text.isEmpty { return "A name is needed, such as forge." }
    let fine = "Letters, digits, dots, - and _ are fine."
    if let wrong = text.unicodeScalars.first(where: { !isName($0) }) {
      return "\(quoted(text)) has \(naming(wrong)). \(fine)"
    }
    if let first = text.unicodeScalars.first, first == "-" || first == "." {
      return "\(quoted(text)) starts with \(first). It has to start with a letter, a digit or _."
    }
    return text.utf8.count > 63
      ? "The name has \(text.utf8.count) characters; 63 is the most." : nil
  }

  /// A group or user name, as useradd(8) takes it.
  public static func user(_ text: String) -> String? {
    if text.isEmpty { return "An account is needed, such as nixremote." }
    if let wrong = text.unicodeScalars.first(where: { !isName($0) }) {
      return "\(quoted(text)) has \(naming(wrong)). Letters, digits, dots, - and _ are fine."
    }
    if let first = text.unicodeScalars.first, !(first.isLetter || first == "_") {
      return "\(quoted(text)) starts with \(first). It has to start with a letter or _."
    }
    return text.utf8.count > 31
      ? "The name has \(text.utf8.count) characters; 31 is the most." : nil
  }

  /// An absolute path of a file, without what ssh_config(5) or /etc/nix/machines cannot hold.
  public static func path(_ text: String) -> String? {
    if text.isEmpty { return "A path is needed, such as /root/.ssh/forge." }
    let scalars = text.unicodeScalars
    guard scalars.first == "/" else {
      return scalars.first == "~"
        ? "Write the path in full: it is root that logs in, and ~ would be root's home."
        : "\(quoted(text)) is not absolute. It has to start with /."
    }
    if scalars.last == "/" { return "\(quoted(text)) is a folder. The path of a file is needed." }
    if let wrong = scalars.first(where: { !isVisible($0) || misread.contains($0) }) {
      return "\(quoted(text)) has \(naming(wrong)), which ssh or Nix would misread."
    }
    return text.utf8.count > 1024 ? "The path is longer than 1024 bytes." : nil
  }

  private static let misread: Set<Unicode.Scalar> = ["\"", "'", "\\", "$", "#", ";", ","]

  /// The absolute path of a folder, such as `/etc/nixos`.
  public static func folder(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    guard scalars.first == "/" else { return "An absolute path is needed, such as /etc/nixos." }
    if scalars.count > 1, scalars.last == "/" { return "Write it without the / at its end." }
    return scalars.first { !$0.isVisible }.map { "The path has \(naming($0))." }
  }

  /// The path of a private key.
  public static func keyPath(_ text: String) -> String? {
    if text.unicodeScalars.hasSuffix(".pub") {
      return "That is the public half. Give the private key, without .pub."
    }
    return path(text)
  }

  /// A system, such as `x86_64-linux`.
  public static func system(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    guard let (machine, kernel) = scalars.cut(at: "-"), !machine.isEmpty, !kernel.isEmpty,
      scalars.allSatisfy(isWord)
    else {
      return "\(quoted(text)) is not a system. They look like x86_64-linux."
    }
    return nil
  }

  /// A feature, such as `kvm` or `gccarch-skylake`.
  public static func feature(_ text: String) -> String? {
    if text.isEmpty { return "A feature needs a name." }
    let scalars = text.unicodeScalars
    guard let first = scalars.first, isWord(first), first != "-",
      scalars.allSatisfy({ isWord($0) || $0 == "." || $0 == "+" })
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

  /// How many builds the local machine runs itself; with 0 it only has them run elsewhere.
  public static func localMaxJobs(_ text: String) -> String? {
    number(text, in: 0...65536, such: "4")
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
    guard text.unicodeScalars.allSatisfy({ $0.isDigit || $0 == "." }),
      let value = Double(text), value > 0, value <= highestSpeedFactor
    else { return "\(quoted(text)) is not a number above 0, such as 1 or 2.5." }
    return nil
  }

  /// A description (GECOS): it must not contain what separates the fields of passwd(5).
  public static func description(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    if let wrong = scalars.first(where: { $0 == ":" || !$0.isVisible }) {
      return "The description has \(naming(wrong)), which /etc/passwd cannot hold."
    }
    return scalars.count > 200 ? "The description has more than 200 characters." : nil
  }

  /// A key as one line of `authorized_keys` or `known_hosts`: type, base64, perhaps a comment.
  public static func publicKey(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    let parts = scalars.split(separator: " ", maxSplits: 2)
    guard parts.count >= 2, let first = parts[0].first, first.isLetter,
      parts[0].allSatisfy({ isWord($0) || $0 == "." || $0 == "@" }),
      parts[1].count >= 16, parts[1].allSatisfy(isBase64), scalars.allSatisfy(\.isVisible)
    else { return "\(quoted(text)) is not a public key. They look like: ssh-ed25519 AAAA…" }
    return nil
  }

  static func number(_ text: String, in range: ClosedRange<Int>, such example: String) -> String? {
    guard text.unicodeScalars.allSatisfy(\.isDigit), let value = Int(text),
      range.contains(value)
    else {
      return text.isEmpty
        ? "A number is needed, such as \(example)."
        : "\(quoted(text)) is not a number from \(range.lowerBound) to \(range.upperBound)."
    }
    return nil
  }
}

// MARK: - Scalars

extension Rules {
  /// ASCII letters and digits, `-` and `_`.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isLetterOrDigit || scalar == "-" || scalar == "_"
  }

  static func isName(_ scalar: Unicode.Scalar) -> Bool { isWord(scalar) || scalar == "." }

  static func isBase64(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isLetterOrDigit || scalar == "+" || scalar == "/" || scalar == "="
  }

  /// Whether there is something to be seen where the scalar stands.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    // There may be ten thousand builders, and all of them are looked through at each start: for
    // ASCII no tables are needed.
    scalar.isASCII
      ? scalar != " " && scalar.isVisible
      : scalar.isVisible && !scalar.properties.isWhitespace
  }

  /// The text in quotation marks, short enough for one line and without what nobody sees.
  static func quoted(_ text: String) -> String {
    let harmless = SafeText(line: text).text.unicodeScalars
    return harmless.count > 40 ? "\"\(String(harmless.prefix(39)))…\"" : "\"\(harmless)\""
  }

  /// A scalar as one would say it.
  static func naming(_ scalar: Unicode.Scalar) -> String {
    if scalar.isLineEnd || ["\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) {
      return "a line break"
    }
    if scalar == "\t" { return "a tab" }
    if scalar.properties.isWhitespace { return "a blank" }
    if scalar.value < 0xA0, !scalar.isVisible { return "a control character" }
    let marks: [Unicode.GeneralCategory] = [.nonspacingMark, .spacingMark, .enclosingMark]
    // Neither is seen by itself.
    if !scalar.isVisible || marks.contains(scalar.properties.generalCategory) {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
    return String(scalar)
  }
}
