import Builders
import Processes
import SSH

/// A check as the table has it. Order, names, titles, skipping, what is run for a part of a test,
/// JSON and what is remembered follow from it.
struct Check: Sendable {
  /// The stretch of a test that a check belongs to; one follows the other.
  enum Part: CaseIterable, Sendable {
    /// The builder's port and its host key.
    case reach
    /// The key, and Nix behind it.
    case login
    /// Probes for what the builder claims.
    case builds
    /// A real package.
    case package

    /// How many of its checks run at once.
    func atOnce(on builder: Builder) -> Int {
      self == .builds ? max(1, min(2, builder.maxJobs)) : .max
    }

    /// Whether its first check goes ahead alone: when that cannot even begin a build, neither can
    /// the others.
    var hasPioneer: Bool { self == .builds }
  }

  /// Another check that has to go well before.
  struct Need: Sendable {
    /// Which one.
    let name: CheckName
    /// Whether it hands on something; then it is also run where only this check is asked for.
    let handsOn: Bool
    /// Whether it holds, after what has been handed on so far.
    var condition: @Sendable (HandedOn) async -> Bool = { _ in true }

    /// What it hands on is needed: an address, a login, what Nix has answered.
    static func result(of name: CheckName) -> Need { Need(name: name, handsOn: true) }

    /// It only has to go well, where it is run at all.
    static func success(of name: CheckName) -> Need { Need(name: name, handsOn: false) }

    /// It has to go well where that follows from what has been handed on.
    static func success(
      of name: CheckName, where condition: @escaping @Sendable (HandedOn) async -> Bool
    ) -> Need {
      Need(name: name, handsOn: false, condition: condition)
    }
  }

  /// For whom a check is left out.
  struct Exemption: Sendable {
    /// Why it is left out for a builder; `nil` where it is not.
    let reason: @Sendable (Builder) -> String?
    /// The check that shows the same when it passes.
    let shownBy: CheckName
  }

  /// How a check runs.
  enum Run: Sendable {
    /// On this machine, or over a connection of its own.
    case here(@Sendable (RunningCheck, HandedOn) async -> CheckResult)
    /// Over the way to the builder by which Nix goes.
    case there(@Sendable (RunningCheck, OpenWay, HandedOn) async -> CheckResult)
  }

  /// The way to a builder, and a folder for files that end with it.
  struct OpenWay: Sendable {
    let connection: Connection
    let directory: PrivateDirectory
  }

  /// Its identity among the kinds.
  let kind: String
  /// The part of a test that it belongs to.
  let part: Part
  /// The systems or features that it is run for, each; `nil` for one that is run once.
  let subjects: (@Sendable (Builder) -> [String])?
  /// The words that a screen has for it, after the subject.
  let title: @Sendable (Builder, String) -> String
  /// The checks that have to go well before, the likeliest cause first.
  let needs: [Need]
  /// For whom it is left out; `nil` where for nobody.
  let exemption: Exemption?
  /// How it runs.
  let run: Run

  init(
    _ name: CheckName, _ title: @escaping @Sendable (Builder) -> String, in part: Part,
    needs: [Need] = [], exemption: Exemption? = nil, run: Run
  ) {
    kind = name.kind
    self.part = part
    subjects = nil
    self.title = { builder, _ in title(builder) }
    self.needs = needs
    self.exemption = exemption
    self.run = run
  }

  init(
    eachOf kind: String, in part: Part, for subjects: @escaping @Sendable (Builder) -> [String],
    run: Run
  ) {
    self.kind = kind
    self.part = part
    self.subjects = subjects
    title = { _, subject in subject }
    needs = []
    exemption = nil
    self.run = run
  }

  /// Its checks of a builder.
  func names(for builder: Builder) -> [CheckName] {
    subjects?(builder).map { CheckName(kind: kind, subject: $0) } ?? [CheckName(kind: kind)]
  }
}
