import Builders
import Checks
import Features
import Interface
import Terminal

/// What a builder can do and how far away it is, measured, as a picture; below it what that suggests.
struct MeasuresScreen: ActingScreen {
  private var run: Run?
  private var document = Document(lines: [])

  /// What can be done here.
  enum Action {
    case cancel
    case again
    case takeAdvice
    case write
    case leave
  }

  /// The measuring of one builder.
  private struct Run {
    var id: Int
    var builder: Builder
    var source: BuilderTest.Source?
    var measures = Measures()
    var running: Measure?
    var isOver = false
    var isCancelled = false
  }

  func title(_ session: Session) -> String {
    let source = run?.source.map { " · \($0.words)" } ?? ""
    return "\(run?.builder.alias ?? "nix-builders") · measures\(source)"
  }

  func trailing(_ session: Session) -> String? { "" }

  func keys(_ session: Session) -> [Binding<Action>] {
    let isRunning = run?.isOver == false
    return [
      Binding(.cancel, "cancel", .cancel, off: isRunning ? nil : "nothing is measured"),
      Binding(.again, "again", .again, off: isRunning ? "it is being measured" : nil),
      Binding(
        .accept, "take advice", .takeAdvice,
        off: applicable(session).isEmpty ? "there is none" : nil),
      Binding(.write, "write", .write, off: session.isChanged ? nil : "nothing was changed"),
      Binding(.back, "builder list", .leave),
    ]
  }

  func hints(_ session: Session) -> [KeyBinding] { Motion.hints("scroll", isShown: false) }

  func help(_ session: Session) -> String {
    """
    One thing after the other is measured, so that none disturbs another. \(MeasureChart.legend) \
    Copying sends 64 MB that cannot be compressed; the builder deletes them again, which it cannot \
    over the protocol ssh with a key that serves only Nix. Speed is how fast one processor \
    compresses data. What is advised names what it rests on; speed factors are compared with those \
    of other builders that were measured since the program was started.
    """
  }

  var isBusy: Bool { run?.isOver == false }

  // MARK: - Running

  mutating func open(_ session: inout Session) -> [Effect] {
    guard let builder = builder(session, session.measuredAlias) else { return [] }
    if let run, run.builder.isSameMachine(as: builder), !run.isCancelled { return [] }
    return start(builder, &session)
  }

  private mutating func start(_ builder: Builder, _ session: inout Session) -> [Effect] {
    let old = cancel() ?? []
    let run = Run(id: session.newRun(), builder: builder)
    self.run = run
    document = Document(lines: [])
    return old + [.measure(run: run.id, builder)]
  }

  func cancel() -> [Effect]? {
    guard let run, !run.isOver else { return nil }
    return [.cancelRun(run.id)]
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch message {
    case .source(run?.id, let source): run?.source = source
    case .measuring(run?.id, let next, let known):
      run?.running = next
      run?.measures = known
    case .measured(run?.id, let measures):
      if run?.isCancelled == true { break }
      run?.running = nil
      run?.isOver = true
      run?.isCancelled = measures == nil
      guard let measures else { break }
      run?.measures = measures
      if let alias = run?.builder.alias { session.measures[alias] = measures }
    default: break
    }
    return .none
  }

  private mutating func stop() -> [Effect] {
    let effects = cancel() ?? []
    if !effects.isEmpty {
      run?.running = nil
      run?.isOver = true
      run?.isCancelled = true
    }
    return effects
  }

  // MARK: - Advice

  private func builder(_ session: Session, _ alias: String?) -> Builder? {
    alias.flatMap { session.inventory.builder($0) }
  }

  /// What the measures suggest for the builder, and for the speed factors of others.
  private func advice(_ session: Session) -> [(alias: String, advice: Advice)] {
    guard let run, run.isOver, !run.isCancelled else { return [] }
    let measured = session.inventory.builders.compactMap { builder in
      session.measures[builder.alias].map { (builder: builder, measures: $0) }
    }
    let advice = Advice.make(measured, nixVersion: session.machine?.nixVersion)
    return zip(measured, advice).flatMap { element, list in
      list.filter { element.builder.alias == run.builder.alias || $0.measures == [.speed] }
        .map { (element.builder.alias, $0) }
    }
  }

  private func applicable(_ session: Session) -> [(alias: String, advice: Advice)] {
    advice(session).filter { $0.advice.change != nil }
  }

  private mutating func takeAdvice(_ session: inout Session) {
    let taken = applicable(session)
    guard !taken.isEmpty else { return }
    let settings = taken.map(\.advice.setting).joined(separator: ", ")
    session.change("the advice taken, \(settings)") { inventory in
      for (alias, advice) in taken {
        if let place = inventory.builders.firstIndex(where: { $0.alias == alias }) {
          advice.apply(to: &inventory.builders[place])
        }
      }
    }
    session.notice = "Taken: \(settings). w writes it, u in the builder list takes it back."
  }

  // MARK: - Input

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch action {
    case .cancel: return .effects(stop())
    case .again:
      guard let builder = builder(session, session.measuredAlias) else { return .none }
      return .effects(start(builder, &session))
    case .takeAdvice: takeAdvice(&session)
    case .write: return .move(.to(.review), stop())
    case .leave: return .move(.home, stop())
    }
    return .none
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if input == .tick { return .none }
    let place = textArea(area)
    document.lines = lines(session, place)
    return document.handle(input, rows: place.rows) ? .none : .ignored
  }

  // MARK: - Drawing

  private func textArea(_ area: Area) -> Area {
    var rest = area.inset(columns: 2)
    if rest.rows > 12 { _ = rest.takeTop(1) }
    return rest
  }

  private func lines(_ session: Session, _ area: Area) -> [Document.Line] {
    guard let run else { return [] }
    // Two columns are for the signs that there is more.
    let columns = area.columns - 2
    let shown = builder(session, run.builder.alias) ?? run.builder
    let chart = MeasureChart(
      run.measures, of: shown, running: run.running, isOver: run.isOver)
    var lines = chart.lines(columns: columns, frame: session.frame)
    let isLow = area.rows < 16
    let legend = [StyledLine(MeasureChart.legend, Theme.muted)]
    var below = isLow ? [] : legend + [StyledLine("")]
    if run.isCancelled {
      below.append(StyledLine("✗ cancelled", Theme.failure))
    } else if run.isOver {
      below += verdict(run, session)
    }
    if isLow { below += legend }
    lines += below.wrapped(to: columns).map(Document.Line.init)
    return lines
  }

  private func verdict(_ run: Run, _ session: Session) -> [StyledLine] {
    var lines: [StyledLine] = []
    for (_, advice) in advice(session) {
      lines.append(StyledLine("○ \(advice.reason)", Theme.warning, hang: 2))
      lines.append(StyledLine("  Set  \(advice.setting)", hang: 7))
    }
    if lines.isEmpty, Measure.allCases.contains(where: run.measures.has) {
      lines.append(
        StyledLine("✓ Nothing that was measured speaks against what is set.", Theme.success))
    } else if lines.isEmpty {
      lines.append(
        StyledLine(
          "✗ Nothing could be measured. t in the builder list tests the builder, and tells why.",
          Theme.failure, hang: 2))
    }
    if let text = run.measures.leftoverText(of: run.builder) {
      lines.append(StyledLine("○ \(text)", Theme.warning, hang: 2))
    }
    return lines
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let place = textArea(area)
    var document = document
    document.lines = lines(session, place)
    document.draw(on: &canvas, in: place)
  }
}

extension Builder {
  /// Whether what was measured of the other is true of this one: the answers differ in nothing but
  /// what measures give advice on.
  fileprivate func isSameMachine(as other: Builder) -> Bool {
    var same = self
    same.maxJobs = other.maxJobs
    same.speedFactor = other.speedFactor
    same.enabled = other.enabled
    return same == other
  }
}
