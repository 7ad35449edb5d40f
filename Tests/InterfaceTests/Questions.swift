@testable import Interface

/// Answers of every kind.
struct Answers: Equatable {
  var name = ""
  var address = "192.0.2.7"
  var port = 22
  var bastion: String?
  var speed = 2.0
  var uid: Int?
  var trusted = true
  var way = Way.ng
  var systems = ["x86_64-linux"]
  var features: [String] = []
  var ports: [Int]?
  var extras: [String]?

  enum Way: CaseIterable { case ng, old }
}

/// What is wrong with a name: it may have letters only.
func nameRule(_ text: String) -> String? {
  text.isEmpty ? "A name is needed." : text.allSatisfy(\.isLetter) ? nil : "Letters only."
}

/// What is wrong with a number.
func digitsRule(_ text: String) -> String? {
  Int(text) == nil ? "\"\(text)\" is not a number." : nil
}

extension Question<Answers> {
  static var name: Question {
    .text(
      "Name", hint: "what ssh and Nix will call it", help: "Any name.", at: \.name,
      placeholder: "forge", rule: nameRule)
  }
  static var address: Question {
    .text("Address", hint: "a name, an IPv4 or an IPv6 address", at: \.address)
  }
  static var port: Question { .number("Port", at: \.port, rule: digitsRule) }
  static var bastion: Question {
    .optionalText(
      "Bastion", hint: "only if you reach it through another host", at: \.bastion,
      placeholder: { $0.name })
  }
  static var trusted: Question {
    .toggle("Trusted", hint: "in nix.settings.trusted-users", at: \.trusted)
  }
  static var way: Question {
    .choice(
      "Protocol", hint: "", at: \.way,
      options: [(value: .ng, title: "ssh-ng"), (value: .old, title: "ssh")])
  }
  static var systems: Question {
    .multiChoice(
      "Systems", at: \.systems,
      options: { _ in ["x86_64-linux", "i686-linux", "aarch64-linux", "aarch64-darwin"] },
      needsOne: true, rule: { $0.contains("-") ? nil : "\"\($0)\" is not a system." })
  }
  static var features: Question {
    .multiChoice("Features", at: \.features, options: { $0.systems }, rule: { _ in nil })
  }
}
