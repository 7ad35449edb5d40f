import Builders
import Fragments

/// What follows from a change beyond the file that says it: on this machine, on the builder, for
/// known_hosts.
struct Consequence: Equatable, Sendable {
  /// Where something is to be done or will be different.
  var place: String
  /// What it is, as a sentence or two.
  var sentence: String

  /// Place and sentence in one line.
  var text: String { "\(place): \(sentence)" }

  /// What follows when one inventory takes the place of another.
  static func all(from old: Inventory, to new: Inventory) -> [Consequence] {
    let before = Dictionary(old.builders.map { ($0.alias, $0) }) { first, _ in first }
    var gone = Set(before.keys).subtracting(new.builders.map(\.alias))
    var all: [Consequence] = []
    for builder in new.builders {
      if let same = before[builder.alias] {
        if same != builder { all += Self.all(ofChanging: same, to: builder) }
      } else if let renamed = old.builders.first(where: {
        gone.contains($0.alias) && $0.isSameMachine(as: builder)
      }) {
        gone.remove(renamed.alias)
        all += Self.all(ofChanging: renamed, to: builder)
      }
    }
    for builder in old.builders where gone.contains(builder.alias) {
      all.append(
        Consequence(
          place: builder.alias,
          sentence: "Its account and key stay there until \(builder.fileName) is no longer "
            + "imported there."))
    }
    return all
  }

  /// What follows when a builder's answers change.
  static func all(ofChanging old: Builder, to new: Builder) -> [Consequence] {
    var all: [Consequence] = []
    func add(_ place: String, _ sentence: String) {
      all.append(Consequence(place: place, sentence: sentence))
    }
    if old.alias != new.alias {
      add(
        "This machine",
        "Nix and ssh call it \(new.alias) then; what names \(old.storeURL) has to follow.")
      add(new.alias, "Import \(new.fileName) there in place of \(old.fileName).")
      if old.hostKey != nil, new.hostKey == old.hostKey, new.usesHostBlock {
        add(
          "known_hosts",
          "The host key stands under \(new.alias) then, and no longer under \(old.alias).")
      }
    }
    if old.user != new.user {
      add(
        new.alias,
        new.account.create
          ? "\(new.fileName) makes the account \(new.user), and \(old.user) goes with the old one. "
            + "Nobody can log in until both machines are switched."
          : "The account \(new.user) has to exist there. \(new.fileName) gives it the key and the "
            + "trust.")
    }
    if old.publicKey != new.publicKey || old.keyPath != new.keyPath && new.publicKey == nil {
      add(
        new.alias,
        new.publicKey == nil
          ? "There is no key at \(new.keyPath) yet, so \(new.fileName) names none."
          : old.publicKey == nil
            ? "It knows the key once \(new.fileName) is applied there."
            : "It takes the new key once \(new.fileName) is applied there, and the old one no "
              + "longer.")
    }
    if old.hostKey != new.hostKey, old.hostKey != nil {
      add(
        "known_hosts",
        new.hostKey == nil
          ? "The old host key goes, and ssh refuses \(new.alias) until a new one is accepted."
          : "Only the new host key of \(new.alias) is accepted then. Where ssh itself has noted the "
            + "old one: ssh-keygen -R \(new.knownHostsName)")
    }
    return all
  }
}

extension Builder {
  fileprivate var fileName: String { "remote-\(alias).nix" }

  /// What known_hosts calls it.
  fileprivate var knownHostsName: String {
    if usesHostBlock { return alias }
    return port == 22 ? address : "[\(address)]:\(port)"
  }
}
