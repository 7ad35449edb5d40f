import Base

/// Prints Nix as nixfmt (RFC 166) would lay it out, so that nixfmt leaves a fragment alone.
struct NixPrinter {
  private(set) var text = ""
  /// Where in the text's UTF-8 the line begins that is being written.
  private var lineStart = 0

  /// The longest line that nixfmt leaves on one line.
  private static let width = 100

  /// The text of bindings on their own, one below the other.
  static func text(of bindings: [NixBinding]) -> String {
    var printer = NixPrinter()
    printer.print(bindings, indentation: 0)
    return printer.text
  }

  /// The text of an expression, with a line end.
  static func text(of expression: NixExpression) -> String {
    var printer = NixPrinter()
    printer.print(expression, indentation: 0)
    printer.endLine()
    return printer.text
  }

  private mutating func print(_ expression: NixExpression, indentation: Int) {
    switch expression {
    case .string(let string): append(NixString.quoted(string))
    case .lines(let lines): print(lines: lines, indentation: indentation)
    case .integer(let number): append("\(number)")
    case .number(let number): append(decimal(number))
    case .bool(let value): append(value ? "true" : "false")
    case .list(let elements): print(list: elements, indentation: indentation)
    case .attributes(let bindings):
      if bindings.isEmpty { return append("{ }") }
      append("{")
      endLine()
      print(bindings, indentation: indentation + 2)
      indent(indentation)
      append("}")
    }
  }

  private mutating func print(_ bindings: [NixBinding], indentation: Int) {
    for (index, binding) in bindings.enumerated() {
      if binding.startsGroup, index > 0 { endLine() }
      for line in binding.comment { print(comment: line, indentation: indentation) }
      indent(indentation)
      append(binding.path.map(Self.attributeName).joined(separator: "."))
      append(" = ")
      print(binding.value, indentation: indentation)
      append(";")
      endLine()
    }
  }

  mutating func print(comment: String, indentation: Int) {
    indent(indentation)
    // A line break would end the comment, and what follows would be Nix.
    append("# ")
    append(String(comment.unicodeScalars.filter { $0 >= " " }))
    endLine()
  }

  /// One simple element stays on the line as long as it fits there; each of several has its own.
  private mutating func print(list: [NixExpression], indentation: Int) {
    if list.isEmpty { return append("[ ]") }
    if list.count == 1, let element = Self.simple(list[0]) {
      let line = "[ \(element) ]"
      // The semicolon has to fit there too.
      if column + line.unicodeScalars.count < Self.width { return append(line) }
    }
    append("[")
    endLine()
    for element in list {
      indent(indentation + 2)
      print(element, indentation: indentation + 2)
      endLine()
    }
    indent(indentation)
    append("]")
  }

  private static func simple(_ expression: NixExpression) -> String? {
    switch expression {
    case .string, .integer, .number, .bool:
      var printer = NixPrinter()
      printer.print(expression, indentation: 0)
      return printer.text
    case .lines, .list, .attributes: return nil
    }
  }

  private mutating func print(lines: [String], indentation: Int) {
    guard Self.canBeIndented(lines) else {
      return append(NixString.quoted(lines.map { $0 + "\n" }.joined()))
    }
    append("''")
    endLine()
    for line in lines {
      if !line.isEmpty {
        indent(indentation + 2)
        append(line)
      }
      endLine()
    }
    indent(indentation)
    append("''")
  }

  /// Whether lines come out of `''…''` as they went in. Its escapes depend on what stands before
  /// them, so whatever might need one is left to an ordinary string.
  private static func canBeIndented(_ lines: [String]) -> Bool {
    // Nix takes away the indentation that all lines have in common: some line must have none.
    guard lines.contains(where: { !$0.isEmpty && $0.unicodeScalars.first != " " }) else {
      return false
    }
    return lines.allSatisfy { line in
      line.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "$") }
        && line.unicodeScalars.last != " "
    }
  }

  // MARK: - The line that is being written

  private mutating func append(_ text: String) { self.text += text }

  private mutating func indent(_ count: Int) {
    for _ in 0..<count { text += " " }
  }

  private mutating func endLine() {
    text += "\n"
    lineStart = text.utf8.count
  }

  /// How many characters the line has so far.
  private var column: Int {
    let start = text.utf8.index(text.startIndex, offsetBy: lineStart)
    return text.unicodeScalars[start...].count
  }

  // MARK: - Words

  /// A name as it can stand in an attribute path, quoted where it has to be.
  static func attributeName(_ name: String) -> String {
    let isIdentifier = name.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "'"): index > 0
      default: false
      }
    }
    return isIdentifier && !name.isEmpty && !keywords.contains(name) ? name : NixString.quoted(name)
  }

  static let keywords: Set<String> = [
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
  ]
}
