import Builders
import Checks
import Fragments

/// What the screens share.
public struct Session: Sendable {
  /// The output directory, in full.
  public let directory: String
  /// Whether this is practice, where the fragments can be applied at once.
  public let isPractice: Bool
  /// Answers that are filled in for a new builder.
  public let suggestion: Builder?

  /// What this machine has; `nil` until it was looked at.
  public internal(set) var machine: LocalMachine?
  /// The inventory as it is on disk.
  public internal(set) var saved: Inventory
  /// The inventory as it is edited; what is written follows from it and from the draft.
  public internal(set) var inventory: Inventory
  /// The answers that the forms are about.
  public internal(set) var draft: Draft
  /// The place of the draft's builder in the inventory; `nil` while it is new.
  public internal(set) var editedIndex: Int?
  /// The wizard from its beginning, or single screens of it.
  var flow = Flow.setUp
  /// The answers as they were when the flow began.
  var begun: Draft
  /// The results of the last run of each check, with the builder they are about.
  var results = Results()
  /// What the builder says of itself; `nil` until a login worked.
  var capabilities: RemoteCapabilities?
  /// How the output directory lies in its repository; `nil` until somebody has looked.
  var repository: Repository?
  /// The files that were written in this session, in order and each once.
  public internal(set) var writtenFiles: [String] = []
  /// The aliases of builders that were seen building in this session.
  public internal(set) var proven: [String] = []
  /// What the person wants when the program ends.
  public internal(set) var parting = Parting.leave
  /// Seconds since the program began.
  var now = 0.0
  /// Which picture of the spinner is shown.
  var frame: Int { Int(now * 10) }
  private var runs = 0

  /// Why the screens are gone through.
  enum Flow: Sendable {
    /// A new builder, screen by screen.
    case setUp
    /// An existing one, from the edit screen.
    case edit
  }

  /// What the person wants when the program ends.
  public enum Parting: Sendable {
    /// Nothing more.
    case leave
    /// The same again as root.
    case restartAsRoot
  }

  /// Creates the session's state.
  ///
  /// - Parameter inventory: what is on disk; `nil` when there is none yet.
  public init(
    directory: String, inventory: Inventory?, isPractice: Bool = false, suggestion: Builder? = nil
  ) {
    self.directory = directory
    self.isPractice = isPractice
    self.suggestion = suggestion
    saved = inventory ?? Inventory()
    self.inventory = saved
    draft = Draft(
      builder: suggestion ?? Session.emptyBuilder(system: nil), local: saved.local)
    begun = draft
  }

  // MARK: - The draft

  /// Begins with the answers for a new builder.
  mutating func beginBuilder() {
    let builder = suggestion ?? Session.emptyBuilder(system: machine?.system)
    begin(Draft(builder: builder, local: inventory.local), at: nil, .setUp)
  }

  /// Begins with the answers of a builder in the inventory.
  mutating func editBuilder(at index: Int) {
    begin(Draft(builder: inventory.builders[index], local: inventory.local), at: index, .edit)
  }

  /// Takes the answers over into the inventory, and has no draft any more.
  mutating func endDraft() {
    inventory = drafted
    begin(
      Draft(builder: Session.emptyBuilder(system: machine?.system), local: inventory.local),
      at: nil, .setUp)
  }

  /// Whether answers for a new builder were begun.
  var hasDraft: Bool { editedIndex == nil && draft != begun }

  private mutating func begin(_ draft: Draft, at index: Int?, _ flow: Flow) {
    self.draft = draft
    begun = draft
    editedIndex = index
    self.flow = flow
    results = Results()
    capabilities = nil
  }

  private static func emptyBuilder(system: String?) -> Builder {
    Builder(alias: "", address: "", systems: [system ?? "x86_64-linux"], keyPath: "")
  }

  /// The inventory with the draft in its place.
  var drafted: Inventory {
    var inventory = inventory
    inventory.local = draft.local
    if let editedIndex {
      inventory.builders[editedIndex] = draft.builder
    } else if !draft.builder.alias.isEmpty {
      inventory.builders.append(draft.builder)
    }
    return inventory
  }

  /// Whether there are answers that would be lost.
  var hasUnsavedAnswers: Bool { draft != begun || inventory != saved }

  /// Notes that an inventory is on disk now.
  mutating func noteWritten(_ inventory: Inventory, _ files: [String]) {
    saved = inventory
    self.inventory = inventory
    editedIndex = inventory.builders.firstIndex { $0.alias == draft.builder.alias }
    begun = draft
    for file in files where !writtenFiles.contains(file) { writtenFiles.append(file) }
  }

  /// A number for a run of checks.
  mutating func newRun() -> Int {
    runs += 1
    return runs
  }

  /// The package that is built unless another is named. Practice has no network for nixpkgs, but a
  /// package of its own.
  var suggestedPackage: String { isPractice ? "/etc/nixos#hello" : "nixpkgs#hello" }

  /// The name of the builder in sentences.
  var name: String { draft.builder.alias.isEmpty ? "the builder" : draft.builder.alias }
}
