import ArgumentParser
import Builders

/// The options of the answers in a table: which there are, how they stand on a command line and what
/// the help says of them follows from the table.
///
/// All are texts, so that what is wrong with them is said in the words of the wizard.
struct AnswerOptions<Subject: AnswersByOption>: ParsableArguments, CustomReflectable {
  /// What was given for each answer, by its key; one text for each element.
  private var given: [String: [String]] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for answer in Self.answers {
      let key = Key(stringValue: answer.key)
      switch answer.optionForm {
      case .flag:
        let flag = try container.decode(Flag<Bool?>.self, forKey: key).wrappedValue
        given[answer.key] = flag.map { ["\($0)"] }
      case .text:
        let text = try container.decode(Option<String?>.self, forKey: key).wrappedValue
        given[answer.key] = text.map { [$0] }
      case .list:
        let texts = try container.decode(Option<[String]>.self, forKey: key).wrappedValue
        given[answer.key] = texts.isEmpty ? nil : texts
      }
    }
  }

  /// The parser finds the options of a type among the children of its mirror.
  var customMirror: Mirror {
    let children = Self.answers.map { answer -> Mirror.Child in
      guard let option = answer.option else { return (answer.key, "") }
      let name = NameSpecification.customLong(option.name)
      let help = ArgumentHelp("\(option.help)", valueName: option.valueName)
      switch answer.optionForm {
      case .flag: return (answer.key, Flag<Bool?>(name: name, inversion: .prefixedNo, help: help))
      case .text: return (answer.key, Option<String?>(name: name, help: help))
      case .list: return (answer.key, Option<[String]>(wrappedValue: [], name: name, help: help))
      }
    }
    return Mirror(self, children: children)
  }

  /// Whether no option was given.
  var isEmpty: Bool { given.isEmpty }

  /// Whether the option of an answer was given.
  func has(_ key: String) -> Bool { given[key] != nil }

  /// Puts the given answers in.
  func apply(to subject: inout Subject, _ reader: inout AnswerReader) {
    for answer in Self.answers {
      guard let texts = given[answer.key], let option = answer.option else { continue }
      reader.take(texts, of: answer, "--\(option.name)", into: &subject)
    }
  }

  private static var answers: [Answer<Subject>] { Subject.answers.filter { $0.option != nil } }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// Something about which a table has answers, some with an option.
protocol AnswersByOption: Sendable {
  static var answers: [Answer<Self>] { get }
}

extension Builder: AnswersByOption {}
extension Account: AnswersByOption {}
extension LocalSettings: AnswersByOption {}
