import Builders

/// A machine whose fragment the program applies itself.
enum ApplyTarget: Hashable, Sendable {
  /// The local machine.
  case here
  /// The builder with this alias.
  case there(String)

  /// The name of its fragment.
  var fragmentName: String {
    switch self {
    case .here: "local.nix"
    case .there(let alias): "remote-\(alias).nix"
    }
  }

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

extension Session {
  /// All targets in the order in which they are applied: this machine is not to use a builder that
  /// does not know it yet.
  private var applyOrder: [ApplyTarget] {
    saved.enabledBuilders.map { .there($0.alias) } + [.here]
  }

  /// What is still to be applied: what was chosen in the list, or else of the builder that the forms
  /// are about and of this machine, or of all that were written.
  var targetsToApply: [ApplyTarget] {
    if let chosenToApply { return chosenToApply }
    let alias = draft.builder.alias
    return unapplied.filter { alias.isEmpty || $0 == .here || $0 == .there(alias) }
  }

  /// Fragments were written: what they say is not at work yet.
  mutating func noteUnapplied(_ files: [String]) {
    chosenToApply = nil
    unapplied = applyOrder.filter { target in
      unapplied.contains(target) || files.contains(target.fragmentName)
    }
    applied.removeAll(where: unapplied.contains)
  }

  /// A fragment was applied.
  mutating func noteApplied(_ target: ApplyTarget) {
    unapplied.removeAll { $0 == target }
    chosenToApply?.removeAll { $0 == target }
    if !applied.contains(target) { applied.append(target) }
    look()
  }

  /// Begins to apply the fragments of these builders, be they applied already or not, and after them
  /// that of this machine where it waits for that.
  ///
  /// - Returns: where the first is applied; `nil` when none of them is among those that are used.
  mutating func beginApplying(_ aliases: [String]) -> Move? {
    let chosen = applyOrder.filter {
      if case .there(let alias) = $0 { aliases.contains(alias) } else { unapplied.contains(.here) }
    }
    guard let first = chosen.first, first != .here else { return nil }
    chosenToApply = chosen
    return goToApply(first)
  }

  /// Where one comes back to who leaves the applying: what was written, or the list where it was
  /// begun from there.
  var wayOutOfApplying: Move { chosenToApply == nil ? .to(.apply) : .home }

  /// Goes to where a fragment is applied, or handed over.
  mutating func goToApply(_ target: ApplyTarget) -> Move {
    applying = target
    if case .there(let alias) = target, isCaredForByOthers(alias) { return .to(.handOver) }
    return .to(.applying)
  }

  /// Where it goes on when a fragment was dealt with: to the next one, or to the tests.
  mutating func goOnApplying(after target: ApplyTarget) -> Move {
    let later = applyOrder.drop { $0 != target }.dropFirst()
    if let next = later.first(where: targetsToApply.contains) {
      return goToApply(next)
    }
    return flow == .browse ? .home : .to(.connection)
  }
}

extension Session {
  /// Whether somebody else looks after a builder.
  func isCaredForByOthers(_ alias: String) -> Bool {
    builder(named: alias).map { todaysLogins[$0.endpoint] == .somebodyElse } ?? false
  }

  /// Somebody else looks after a builder.
  mutating func noteCaredForByOthers(_ alias: String) {
    guard let builder = builder(named: alias) else { return }
    todaysLogins[builder.endpoint] = .somebodyElse
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
