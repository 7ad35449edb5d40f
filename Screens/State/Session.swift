import Builders
import Checks
import Features
import Fragments
import Processes
import StateFiles

/// What the screens share.
public struct Session: Sendable {
  /// The output directory, in full.
  public let directory: String
  /// Whether this is practice, where the fragments can be applied at once.
  public let isPractice: Bool
  /// Answers that are filled in for a new builder.
  public let suggestion: Builder?
  /// How one logs in to the practice builder as its administrator, in a sentence.
  public let practiceLogin: String?
  /// Who started the program.
  public let person: InvokingPerson
  /// Whether the files of practice stay when its machines go.
  public let keepsPracticeFiles: Bool
  /// How this program is started again.
  public let ownCommand: OwnCommand

  /// What this machine has; `nil` until it was looked at.
  public internal(set) var machine: LocalMachine?
  /// The inventory as it is on disk.
  public internal(set) var saved: Inventory
  /// The inventory as it is edited, and its changes in this session.
  var history: History
  /// Whether the inventory is not what is on disk.
  private(set) var isChanged = false
  /// The answers that the forms are about.
  public internal(set) var draft: Draft
  /// The place of the draft's builder in the inventory; `nil` while it is new.
  public internal(set) var editedIndex: Int?
  /// The wizard from its beginning, or single screens of it.
  var flow = Flow.browse
  /// The answers as they were when the flow began.
  var begun: Draft
  /// A number for the answers that were begun, so that no screen mixes up two of them.
  private(set) var draftNumber = 0
  private var drafts = 1
  /// A new builder that was put aside before it was complete.
  private(set) var shelved: Shelved?

  /// Answers that were put aside.
  struct Shelved: Equatable, Sendable {
    var draft: Draft
    var begun: Draft
    var number: Int
  }

  /// The results of the last run of each check, with the builder they are about.
  var results = Results()
  /// The hosts that this machine knows of; `nil` until somebody has looked.
  var hosts: [HostCandidate]?
  /// The places that host keys were accepted for in this session.
  private var acceptedFor: [String: String] = [:]
  /// The public halves that paths of the draft's builder had before another was typed.
  private var publicKeys: [String: String] = [:]
  /// What the builder's Nix says; `nil` until a login worked.
  var capabilities: RemoteCapabilities?
  /// What the builder says of itself.
  var said = BuilderFacts()
  /// The forms that the person has gone on from, with the draft's answers.
  var answered: Set<Step> = []
  /// Whose fragment the program is to apply itself.
  var applying: ApplyTarget?
  /// Where the program has applied a fragment itself, since it was written last.
  var applied: [ApplyTarget] = []
  /// How one gets to the machines today.
  var todaysLogins = TodaysLogins()
  /// Whose fragments were written in this session and are not applied yet, in the order in which
  /// that is done.
  var unapplied: [ApplyTarget] = []
  /// What of it was chosen in the list, in the same order, while that is applied.
  var chosenToApply: [ApplyTarget]?
  /// The administrators' logins that were typed, by alias.
  var administrators: [String: Administrator] = [:]
  /// How the output directory lies in its repository; `nil` until somebody has looked.
  var repository: Repository?
  /// The files that were written in this session, in order and each once.
  public internal(set) var writtenFiles: [String] = []
  /// The builders whose last test build in this session went well, by their aliases, and the
  /// configuration that it went by.
  var proven: [String: BuilderTest.Source] = [:]
  /// The configuration that tests of the draft go by; `nil` for the installed one when that knows
  /// the builder as written, else the written one. Where the program has installed it, nothing but
  /// that is of interest.
  var testedSource: BuilderTest.Source? { applied.contains(.here) ? .installed : nil }
  /// What is remembered of tests.
  var tests = TestHistory() { didSet { testsRevision += 1 } }
  /// Another number after each change of them.
  private(set) var testsRevision = 0
  /// The builder that is measured.
  var measuredAlias: String?
  /// The last measures of each builder in this session, by their aliases.
  var measures: [String: Measures] = [:]
  /// Unsaved changes of an earlier session, until the person has decided on them.
  public internal(set) var kept: KeptChanges?
  /// Another window that has the same output directory open.
  public let otherWindow: WindowOwner?
  /// Whether there is a place where unsaved answers are kept.
  public let keepsAnswers: Bool
  /// How a writing was ended that had been interrupted, until something is written.
  private(set) var recovery: OutputDirectory.Recovery?
  /// builders.json as somebody else has made it, until it is taken over.
  var outside: OutsideChange?
  /// How the files and this machine stand to what is on disk; `nil` until somebody has looked.
  var drift: Drift?
  /// Why nobody could look.
  private(set) var surveyProblem: OutputError?
  /// What becomes of files that were edited by hand, by their names.
  var decisions: [String: FileDecision] = [:]
  /// What the clock on the wall showed, and ``now`` at that moment.
  private var clock: (wall: Moment, now: Double)?
  /// What is to be done outside, whatever screen is shown.
  private var pending: [Effect] = []
  private var noted: UnsavedMark?
  /// Whether unsaved answers were kept at any time in this session.
  private(set) var hasKept = false
  /// What the person wants when the program ends.
  public internal(set) var parting = Parting.leave
  /// What came of the last key, said until the next one.
  var notice = ""
  /// Seconds since the program began.
  var now = 0.0
  /// Which picture of the spinner is shown.
  var frame: Int { Int(now * 10) }
  private var runs = 0
  private var tickets = 0
  /// Somebody looks how the files and this machine stand to what is on disk.
  private(set) var survey = OpenQuestion()

  /// Why the screens are gone through.
  enum Flow: Sendable {
    /// A new builder, screen by screen.
    case setUp
    /// An existing one, from the edit screen.
    case edit
    /// None: the builder list, and what is done with all of them.
    case browse
  }

  /// What the person wants when the program ends.
  public enum Parting: Sendable {
    /// Nothing more.
    case leave
    /// The same again as root.
    case restartAsRoot
    /// The unsaved answers are kept for the next start.
    case keepAnswers
  }

  /// Creates the session's state.
  ///
  /// - Parameters:
  ///   - inventory: what is on disk; `nil` when there is none yet.
  ///   - kept: unsaved changes of an earlier session.
  ///   - otherWindow: another window that has the same output directory open.
  ///   - keepsAnswers: whether there is a place where unsaved answers are kept.
  ///   - practiceLogin: how one logs in to the practice builder as its administrator.
  ///   - person: who started the program.
  ///   - keepsPracticeFiles: whether the files of practice stay when its machines go.
  ///   - ownCommand: how this program is started again.
  ///   - recovery: how a writing was ended that had been interrupted.
  public init(
    directory: String, inventory: Inventory?, isPractice: Bool = false, suggestion: Builder? = nil,
    practiceLogin: String? = nil, person: InvokingPerson = .find(),
    keepsPracticeFiles: Bool = false, ownCommand: OwnCommand = OwnCommand(),
    kept: KeptChanges? = nil, otherWindow: WindowOwner? = nil, keepsAnswers: Bool = true,
    recovery: OutputDirectory.Recovery? = nil
  ) {
    self.directory = directory
    self.isPractice = isPractice
    self.suggestion = suggestion
    self.practiceLogin = practiceLogin
    self.person = person
    self.keepsPracticeFiles = keepsPracticeFiles
    self.ownCommand = ownCommand
    self.kept = kept
    self.otherWindow = otherWindow
    self.keepsAnswers = keepsAnswers
    self.recovery = recovery
    saved = inventory ?? Inventory()
    history = History(saved)
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

  /// Takes the answers over into the inventory, and has no draft any more. A new builder that is not
  /// complete yet is put aside.
  mutating func endDraft() {
    if draft != begun {
      if editedIndex == nil, flow == .setUp, !isComplete {
        shelved = Shelved(draft: draft, begun: begun, number: draftNumber)
      } else {
        take(drafted)
      }
    }
    begin(
      Draft(builder: Session.emptyBuilder(system: machine?.system), local: inventory.local),
      at: nil, .browse)
  }

  private mutating func take(_ next: Inventory) {
    let (old, new) = (begun.builder.alias, draft.builder.alias)
    let title =
      new.isEmpty
      ? "this machine's settings"
      : editedIndex == nil
        ? "\(new) added" : old == new ? "\(new) edited" : "\(old) renamed to \(new)"
    change(to: next, title)
  }

  /// Whether answers for a new builder were begun.
  var hasDraft: Bool { shelved != nil || editedIndex == nil && draft != begun }

  /// Goes on with the new builder that was put aside.
  mutating func resumeDraft() {
    guard let shelved else { return }
    begin(shelved.draft, at: nil, .setUp)
    begun = shelved.begun
    draftNumber = shelved.number
    self.shelved = nil
  }

  /// Gives up the new builder that was put aside.
  mutating func dropShelved() { shelved = nil }

  mutating func begin(_ draft: Draft, at index: Int?, _ flow: Flow) {
    self.draft = draft
    begun = draft
    publicKeys = [:]
    editedIndex = index
    self.flow = flow
    draftNumber = drafts
    drafts += 1
    results = Results()
    capabilities = nil
    said = BuilderFacts()
    answered = []
  }

  private static func emptyBuilder(system: String?) -> Builder {
    Builder(alias: "", address: "", systems: [system ?? "x86_64-linux"], keyPath: "")
  }

  /// Whether the new builder can stand among the others: with the first screen alone it is only
  /// begun.
  private var isComplete: Bool {
    draft.builder.problems().isEmpty
      && (draft.builder.hostKey != nil || draft.builder.publicKey != nil)
      && !otherAliases.contains(draft.builder.alias.lowercased())
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
  var hasUnsavedAnswers: Bool { draft != begun || shelved != nil || isChanged }

  /// Notes that an inventory is on disk now. What was changed since it was shown stays changed.
  mutating func noteWritten(_ inventory: Inventory, _ files: [String]) {
    saved = inventory
    recovery = nil
    if drafted == inventory {
      take(inventory)
      editedIndex = inventory.builders.firstIndex { $0.alias == draft.builder.alias }
      begun = draft
    }
    isChanged = self.inventory != saved
    noteUnapplied(files)
    for file in files where !writtenFiles.contains(file) { writtenFiles.append(file) }
    decisions = decisions.filter { $0.value.choice == .keep }
    look()
  }

  /// A number for a question put to the world.
  mutating func newTicket() -> Ticket {
    tickets += 1
    return Ticket(tickets)
  }

  // MARK: - The host key

  /// Pins a host key for the builder that the forms are about.
  mutating func accept(_ key: OfferedHostKey) {
    draft.builder.hostKey = key.line
    acceptedFor[key.line] = draft.builder.placeOfKey
  }

  /// Takes back the public half of the key at the path that is the answer now, where one was known
  /// there, and keeps that of the path that was the answer before.
  mutating func changeKeyPath(from path: String) {
    publicKeys[path] = draft.builder.publicKey
    draft.builder.publicKey = publicKeys[draft.builder.keyPath]
  }

  /// The place that the pinned host key was accepted for, where the builder is elsewhere by now.
  var formerPlaceOfKey: String? {
    guard let key = draft.builder.hostKey else { return nil }
    let begun = begun.builder.hostKey == key ? begun.builder.placeOfKey : nil
    guard let place = acceptedFor[key] ?? begun, place != draft.builder.placeOfKey else {
      return nil
    }
    return place
  }

  /// A number for a run of checks.
  mutating func newRun() -> Int {
    runs += 1
    return runs
  }

  /// The package that is built unless another is named. Practice has no network for nixpkgs, but a
  /// package of its own.
  var suggestedPackage: String { isPractice ? "/etc/nixos#hello" : "nixpkgs#hello" }

  /// What becomes of the files of practice; `nil` where they stay.
  var practiceFilesNote: String? {
    guard isPractice, !keepsPracticeFiles else { return nil }
    return "They go with the practice machines. "
      + "nix-builders practice --directory DIR keeps them in DIR."
  }

  /// The name of the builder in sentences.
  var name: String { draft.builder.alias.isEmpty ? "the builder" : draft.builder.alias }

  // MARK: - The inventory

  /// The inventory as it is edited; what is written follows from it and from the draft.
  public var inventory: Inventory { history.present }

  /// Changes the inventory in a way that can be undone.
  ///
  /// - Parameter title: what is done, such as `forge deleted`.
  mutating func change(_ title: String, _ body: (inout Inventory) -> Void) {
    var next = inventory
    body(&next)
    change(to: next, title)
  }

  private mutating func change(to next: Inventory, _ title: String) {
    if history.change(to: next, title) { isChanged = inventory != saved }
  }

  /// Takes the last change back.
  mutating func undo() -> History.Change? {
    defer { isChanged = inventory != saved }
    // An edit that is no longer taken over must not be replaced either.
    decisions = decisions.filter { $0.value.choice == .keep }
    return history.undo()
  }

  /// Makes the change again that was taken back last.
  mutating func redo() -> History.Change? {
    defer { isChanged = inventory != saved }
    return history.redo()
  }

  /// Begins anew with what is on disk.
  ///
  /// - Parameter edited: what it has been changed to meanwhile; that can be undone.
  mutating func reload(_ saved: Inventory, changedTo edited: Inventory? = nil) {
    self.saved = saved
    history = History(saved, after: history)
    if let edited { history.change(to: edited, "what was changed before") }
    isChanged = inventory != saved
    outside = nil
    look()
  }

  // MARK: - The world

  /// Takes what concerns all screens.
  mutating func note(_ message: Message) {
    switch message {
    case .machine(let machine): self.machine = machine
    case .hosts(let hosts): learn(hosts)
    case .repository(let repository): self.repository = repository
    case .time(let moment): clock = (moment, now)
    case .recalled(let history, let moment):
      tests.merge(history)
      clock = (moment, now)
    case .remembered(let alias, let record):
      tests.note(record, of: alias)
      clock = (record.at, now)
    case .outside(let change): outside = change
    case .terminalEnded(let run, let result):
      todaysLogins.end(run)
      takeFacts(run, result)
    case .written(_, let result, let inventory):
      if let names = result.writtenNames { noteWritten(inventory, names) }
    case .surveyed(let ticket, let result):
      guard survey.isAnswered(by: ticket) else { break }
      surveyProblem = nil
      switch result {
      case .success(let drift): self.drift = drift
      case .failure(let error): surveyProblem = error
      }
    case .applied(.success): look()
    default: break
    }
  }

  /// Takes over which hosts this machine knows of. What was typed before that may be one of them.
  private mutating func learn(_ hosts: [HostCandidate]) {
    self.hosts = hosts
    if draft != begun, draft.way != nil || draft.destination != begun.destination {
      draft.takeWay(draft.destination, knowing: hosts, taken: otherAliases, home: person.home)
    }
  }

  /// What the clock on the wall shows now; `nil` before anybody has looked at it.
  var moment: Moment? { clock.map { $0.wall + (now - $0.now) } }

  /// Has a look at files and machine.
  mutating func look(isThorough: Bool = false) {
    if saved.builders.isEmpty, drift == nil, !isThorough { return }
    let ticket = newTicket()
    survey.ask(with: ticket)
    perform(.survey(ticket, saved, isThorough: isThorough))
  }

  /// Has something done outside, whatever screen is shown.
  mutating func perform(_ effect: Effect) { pending.append(effect) }

  /// What is to be done outside now; to be called whenever something may have changed.
  mutating func takeEffects() -> [Effect] {
    let mark = unsavedMark
    if mark != noted {
      pending.append(mark == nil ? .dropUnsaved : .keepUnsaved(unsavedChanges))
      noted = mark
      hasKept = true
    }
    defer { pending = [] }
    return pending
  }
}

extension Builder {
  /// The place that shows its host key, in words.
  fileprivate var placeOfKey: String { "\(address) port \(port)" }
}
