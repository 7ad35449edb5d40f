import Builders

/// A machine whose fragment the program applies itself.
enum ApplyTarget: Hashable, Sendable {
  /// The local machine.
  case here
  /// The builder with this alias.
  case there(String)

  /// What it is called in sentences.
  var name: String {
    switch self {
    case .here: "this machine"
    case .there(let alias): alias
    }
  }

  /// Where something is done, in a sentence.
  var place: String {
    switch self {
    case .here: "here"
    case .there(let alias): "on \(alias)"
    }
  }
}

/// How one gets to change a builder's configuration.
struct Administrator: Equatable, Sendable {
  /// `USER@HOST`, as typed.
  var login: String
  /// The directory of the configuration there.
  var directory = "/etc/nixos"

  /// What is likely for a builder.
  init(of builder: Builder) { login = "root@\(builder.address)" }
}
