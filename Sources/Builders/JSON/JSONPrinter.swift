/// Writes JSON for people: indented, one member a line, keys in alphabetical order.
enum JSONPrinter {
  /// The text of a value, without a line end after it.
  static func text(of value: JSONValue) -> String {
    var text = ""
    append(value, to: &text, indentation: "\n")
    return text
  }

  private static func append(_ value: JSONValue, to text: inout String, indentation: String) {
    let deeper = indentation + "  "
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let number): text += "\(number)"
    case .number(let number):
      text += Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .writtenNumber(let digits): text += digits
    case .string(let string): append(string, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        text += index == 0 ? deeper : ",\(deeper)"
        append(element, to: &text, indentation: deeper)
      }
      text += elements.isEmpty ? "\n\(indentation)]" : "\(indentation)]"
    case .object(let members):
      text += "{"
      let sorted = members.sorted { $0.key < $1.key }
      for (index, (key, value)) in sorted.enumerated() {
        text += index == 0 ? deeper : ",\(deeper)"
        append(key, to: &text)
        text += " : "
        append(value, to: &text, indentation: deeper)
      }
      text += members.isEmpty ? "\n\(indentation)}" : "\(indentation)}"
    }
  }

  private static func append(_ string: String, to text: inout String) {
    text += "\""
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      text += string
      text += "\""
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{08}": text += "\\b"
      case "\u{0C}": text += "\\f"
      case "\u{00}"..<"\u{20}":
        text += scalar.value < 16 ? "\\u000" : "\\u00"
        text += String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
