import Builders
import Checks
import Features
import Interface
import Processes
import StateFiles

/// What the draft's builder says of itself, and what became of the answers that follow from it.
struct BuilderFacts: Equatable, Sendable {
  /// What it says; `nil` until somebody has asked.
  private(set) var facts: RemoteFacts?
  /// The run that asks now.
  private(set) var run: Int?
  /// Whether it was first said after the answers were given that it is about.
  fileprivate(set) var isLate = false
  /// Why it could not be asked.
  private(set) var failure: String?
  /// By how many seconds its clock is ahead; `nil` when that is little, or unknown.
  private(set) var clockDifference: Int?
  /// When it was asked, by the clock on the wall.
  private var asked: Moment?
  /// All that was printed instead of an answer.
  private(set) var evidence = ""
  /// The builder with the answers that were filled in: what is still so nobody has typed.
  fileprivate var filled: Builder?
  /// The builder as it was before the person took answers over that they had given otherwise.
  fileprivate var replaced: Builder?

  fileprivate mutating func begin(_ run: Int, at moment: Moment?) {
    self.run = run
    asked = moment
    failure = nil
  }

  fileprivate mutating func take(_ facts: RemoteFacts) {
    self.facts = facts
    failure = nil
  }

  /// Takes the end of the run.
  ///
  /// - Returns: what was said; `nil` when nothing was, or the run is another one.
  fileprivate mutating func end(
    _ run: Int, _ result: TerminalCommand.Result, at moment: Moment?
  ) -> RemoteFacts? {
    guard run == self.run else { return nil }
    self.run = nil
    if let facts = RemoteFacts(output: result.output), facts.isWhole {
      if let asked, let moment {
        // A second more on either side, since only whole ones are told.
        clockDifference = facts.clockDifference(
          Int(asked.seconds) - 1, Int(moment.seconds) + 1)
      }
      return facts
    }
    evidence = result.output
    failure =
      switch result.ending {
      case .cancelled: "cancelled"
      case .timedOut: "there was no answer in time"
      case .exited(255): "the connection is lost"
      default: "what the shell there printed is not what it was asked"
      }
    return nil
  }
}

extension Session {
  /// The answers that follow from what the draft's builder says.
  var factAnswers: FactAnswers? { said.facts.map { FactAnswers($0, for: draft.builder) } }

  /// Asks the draft's builder over the connection that is open.
  mutating func askFacts() {
    guard let (login, connection) = todaysLogin.open else { return }
    let run = newRun()
    said.begin(run, at: moment)
    let script = RemoteFacts.script(account: draft.builder.user)
    perform(
      .runInTerminal(
        run: run,
        ApplyCommand(login: login, script: script, capturesOutput: true, isUnattended: true),
        connection: connection))
  }

  /// Takes what ended, where it was an answer.
  mutating func takeFacts(_ run: Int, _ result: TerminalCommand.Result) {
    if let facts = said.end(run, result, at: moment) { take(facts) }
  }

  /// Takes what the builder says, and fills in what nobody has answered yet.
  mutating func take(_ facts: RemoteFacts) {
    var facts = facts
    // Over the account that Nix uses less is to be seen.
    if let before = said.facts {
      facts.keep(from: before)
    } else {
      said.isLate = flow == .setUp && answered.contains(.capabilities)
    }
    said.take(facts)
    capabilities = facts.capabilities
    guard flow == .setUp, let answers = factAnswers else { return }
    for question in FactAnswers.Question.allCases where isOpen(question) {
      answers.apply(question, to: &draft.builder)
    }
    said.filled = draft.builder
  }

  /// Whether nobody has answered a question: the answer is what it was, or what was filled in, and
  /// the person has not gone on from its screen.
  private func isOpen(_ question: FactAnswers.Question) -> Bool {
    let builder = draft.builder
    let step: Step = question == .account ? .account : .capabilities
    if answered.contains(step) { return false }
    return question.isSame(in: builder, and: begun.builder)
      || said.filled.map { question.isSame(in: builder, and: $0) } ?? false
  }

  /// The answers that are others than those that follow from what the builder says.
  var contradictions: [FactAnswers.Question] {
    factAnswers?.differences(from: draft.builder) ?? []
  }

  /// What taking over changes, in a few words each.
  var takeOverSummary: String {
    contradictions.compactMap { factAnswers?.text($0) }.joined(separator: ", ")
  }

  /// Takes all answers over that follow from what the builder says.
  mutating func takeOverFacts() {
    guard let answers = factAnswers else { return }
    said.replaced = draft.builder
    for question in contradictions { answers.apply(question, to: &draft.builder) }
    said.filled = draft.builder
  }

  /// Whether answers were taken over that can be given back.
  var canGiveBack: Bool { said.replaced != nil && contradictions.isEmpty }

  /// Puts back what the answers were before they were taken over.
  mutating func giveBack() {
    guard let replaced = said.replaced else { return }
    for question in FactAnswers.Question.allCases {
      question.copy(from: replaced, to: &draft.builder)
    }
    said.replaced = nil
  }

  /// What is said below a form of the questions that the builder has answers to: which of them are
  /// its own, and what it says otherwise.
  func marks(_ questions: [FactAnswers.Question]) -> [StyledLine] {
    guard let answers = factAnswers else { return [] }
    let builder = draft.builder
    let own = questions.filter { answers.agrees($0, with: builder) == true }.map(\.title)
    let other = questions.filter { answers.agrees($0, with: builder) == false }
    return
      (own.isEmpty
      ? [] : [StyledLine("✓ \(name) says: \(own.joined(separator: ", "))", Theme.success, hang: 2)])
      + other.compactMap { question in
        answers.text(question).map {
          StyledLine("○ \(name) says: \($0)", Theme.warning, hang: 2)
        }
      }
  }
}

extension FactAnswers.Question {
  /// What a form calls it.
  fileprivate var title: String {
    switch self {
    case .systems: "systems"
    case .features: "features"
    case .maxJobs: "max jobs"
    case .account: "whether the account is there"
    }
  }
}
