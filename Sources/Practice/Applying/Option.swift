import Base
import Builders

/// An option of NixOS with the value that a fragment gives it, or a set of them.
struct Option: Equatable {
  /// Its whole name, such as `nix.settings.max-jobs`; empty for the fragment itself.
  var name: String
  private var value: JSONValue

  init(name: String, value: JSONValue) {
    self.name = name
    self.value = value
  }

  private func failure(_ reason: String) -> PracticeError { .option(name, reason: reason) }

  /// The options in this set, by name.
  func members() throws(PracticeError) -> [(name: String, option: Option)] {
    guard case .object(let members) = value else { throw failure("a set was expected") }
    return members.sorted { $0.key < $1.key }.map { key, value in
      (key, Option(name: name.isEmpty ? key : "\(name).\(key)", value: value))
    }
  }

  /// The options that are set here. One that is not known is an error, since leaving it out would
  /// show something as working that the fragment does otherwise.
  func options(_ known: String...) throws(PracticeError) -> [Option] {
    try options(known)
  }

  private func options(_ known: [String]) throws(PracticeError) -> [Option] {
    var found: [Option] = []
    for (_, option) in try members() {
      if known.contains(option.name) {
        found.append(option)
      } else if known.contains(where: { $0.unicodeScalars.hasPrefix("\(option.name).") }) {
        found += try option.options(known)
      } else {
        throw option.unknown
      }
    }
    return found
  }

  /// What is thrown for an option that practice cannot make real.
  var unknown: PracticeError { failure("practice does not know this option") }

  /// Whether it is null, which for most options means that it is not set.
  var isNull: Bool { value == .null }

  func bool() throws(PracticeError) -> Bool {
    guard case .bool(let flag) = value else { throw failure("true or false was expected") }
    return flag
  }

  func integer() throws(PracticeError) -> Int {
    guard case .integer(let number) = value else { throw failure("a whole number was expected") }
    return number
  }

  func string() throws(PracticeError) -> String {
    guard case .string(let text) = value else { throw failure("a string was expected") }
    return text
  }

  /// A string on one line, as NixOS demands it where it writes one into a file of lines.
  func line() throws(PracticeError) -> String {
    let text = try string()
    if text.unicodeScalars.contains(where: \.isLineEnd) { throw failure("one line was expected") }
    return text
  }

  func elements() throws(PracticeError) -> [Option] {
    guard case .array(let values) = value else { throw failure("a list was expected") }
    return values.enumerated().map { Option(name: "\(name)[\($0)]", value: $1) }
  }

  /// A list of strings, each on one line.
  func lines() throws(PracticeError) -> [String] {
    var lines: [String] = []
    for element in try elements() { lines.append(try element.line()) }
    return lines
  }

  /// A number as Nix's `toString` writes it.
  func number() throws(PracticeError) -> String {
    switch value {
    case .integer(let number): return "\(number)"
    case .number(let number):
      let millionths = (number * 1_000_000).rounded()
      guard abs(millionths) < 1e15 else { throw failure("a smaller number was expected") }
      let (whole, rest) = Int(millionths.magnitude).quotientAndRemainder(dividingBy: 1_000_000)
      let digits = String(rest)
      let zeros = String(repeating: "0", count: 6 - digits.count)
      return "\(number < 0 ? "-" : "")\(whole).\(zeros)\(digits)"
    default: throw failure("a number was expected")
    }
  }

  /// The value as NixOS writes it into nix.conf.
  func setting() throws(PracticeError) -> String {
    switch value {
    case .null: return ""
    case .bool(let flag): return flag ? "true" : "false"
    case .string: return try line()
    case .integer, .number, .writtenNumber: return try number()
    case .array:
      var words: [String] = []
      for element in try elements() { words.append(try element.setting()) }
      return words.joined(separator: " ")
    case .object: throw failure("a value was expected")
    }
  }
}
