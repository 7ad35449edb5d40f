import Builders
import Checks
import SSH

/// What was typed about the way to a builder, and which other answers it filled in.
struct TypedWay: Equatable, Sendable {
  /// The line as it was typed.
  var text: String
  /// What it says.
  var answers: DestinationAnswers
  /// The answers that it has a say in, as they were before it was typed.
  fileprivate var before: Answers
  /// The same as it has left them.
  fileprivate var after: Answers

  /// The answers of a builder that a line about the way may fill in.
  fileprivate struct Answers: Equatable, Sendable {
    var alias: String
    var port: Int
    var proxyJump: String?
    var user: String
    var keyPath: String
    var sshOptions: [String: String]

    init(of builder: Builder) {
      alias = builder.alias
      port = builder.port
      proxyJump = builder.proxyJump
      user = builder.user
      keyPath = builder.keyPath
      sshOptions = builder.sshOptions
    }
  }
}

extension Draft {
  /// Takes what is typed about the way to the builder, and fills in what follows from it. What an
  /// earlier line has filled in, and nobody has changed since, goes first.
  ///
  /// - Parameters:
  ///   - hosts: what this machine knows of hosts.
  ///   - taken: the aliases of other builders, in lower case.
  ///   - home: the home of the person who types, for `~`.
  mutating func takeWay(
    _ text: String, knowing hosts: [HostCandidate], taken: Set<String> = [], home: String
  ) {
    guard let answers = try? DestinationAnswers(text, knowing: hosts) else { return }
    takeBackFilling()
    let before = TypedWay.Answers(of: builder)
    builder.address = answers.address
    builder.port = answers.port ?? builder.port
    builder.proxyJump = answers.proxyJump ?? builder.proxyJump
    builder.user = answers.account ?? builder.user
    if builder.alias.isEmpty { builder.alias = Self.free(answers.alias, taken) }
    followAlias(from: before.alias)
    builder.keyPath = answers.keyPath ?? builder.keyPath
    builder.sshOptions.merge(answers.sshOptions) { _, typed in typed }
    let after = TypedWay.Answers(of: builder)
    let isAddressAlone = before == after && text == answers.address && answers.login == TypedLogin()
    // ssh is given what was typed, since a Host block may say more than a builder can hold.
    givenLogin =
      isAddressAlone ? nil : answers.typed.map { AdministratorLogin($0, home: home) }
    way =
      isAddressAlone
      ? nil : TypedWay(text: text, answers: answers, before: before, after: after)
  }

  private mutating func takeBackFilling() {
    guard let way else { return }
    func back<Value: Equatable>(
      _ path: WritableKeyPath<Builder, Value>, _ of: KeyPath<TypedWay.Answers, Value>
    ) {
      if builder[keyPath: path] == way.after[keyPath: of] {
        builder[keyPath: path] = way.before[keyPath: of]
      }
    }
    back(\.alias, \.alias)
    back(\.port, \.port)
    back(\.proxyJump, \.proxyJump)
    back(\.user, \.user)
    back(\.keyPath, \.keyPath)
    back(\.sshOptions, \.sshOptions)
    self.way = nil
    givenLogin = nil
  }

  /// A key path that follows the alias goes on following it, until there is a key.
  mutating func followAlias(from old: String) {
    guard builder.alias != old, builder.publicKey == nil,
      builder.keyPath.isEmpty || builder.keyPath == Builder.defaultKeyPath(alias: old)
    else { return }
    builder.keyPath = Builder.defaultKeyPath(alias: builder.alias)
  }

  private static func free(_ alias: String, _ taken: Set<String>) -> String {
    var free = alias
    var number = 1
    while taken.contains(free.lowercased()) {
      number += 1
      free = "\(alias.prefix(56))-\(number)"
    }
    return free
  }

  /// Whether an answer stands as the line about the way has filled it in.
  func isFilled(_ answer: FilledAnswer) -> Bool {
    guard let way else { return false }
    switch answer {
    case .alias: return way.before.alias != way.after.alias && builder.alias == way.after.alias
    case .port: return way.answers.port != nil && builder.port == way.after.port
    case .proxyJump:
      return way.answers.proxyJump != nil && builder.proxyJump == way.after.proxyJump
    case .user: return way.answers.account != nil && builder.user == way.after.user
    case .keyPath: return way.answers.keyPath != nil && builder.keyPath == way.after.keyPath
    }
  }

  /// An answer that the line about the way may fill in.
  enum FilledAnswer { case alias, port, proxyJump, user, keyPath }
}
