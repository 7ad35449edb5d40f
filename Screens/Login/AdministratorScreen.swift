import Builders
import Checks
import Interface
import SSH
import Terminal

/// Screen 3b: how one logs in on the builder today. It is asked once: the connection that is opened
/// here is the one over which all else is done there.
struct AdministratorScreen: Screen {
  private enum Phase {
    /// Which login.
    case choosing
    /// For one that is typed.
    case typing
    /// ssh logs in, or has tried to.
    case running
  }

  private var phase = Phase.choosing
  private var choices: [LoginChoice] = []
  private var menu = Menu([])
  private var form: Form<OtherLogin>?
  private var attempt: LoginAttempt?
  private var pane = LogPane(store: LogStore())
  /// What is typed for ssh when it asks.
  private var answer: TextField?
  /// Where the login that is tried leads to.
  private var endpoint: Endpoint?
  /// Why the last one failed.
  private var diagnosis: Diagnosis?

  func help(_ session: Session) -> String {
    """
    Over this login the program looks what \(session.name) has, fills the answers in, and later \
    applies the fragment; each command is shown first. One connection is opened and kept, so that \
    you are asked once. ssh runs \(session.person.isRoot ? "as root" : "as \(session.person.name)"), \
    with that configuration, keys and agent; what it asks is answered below the log, and passwords \
    are not kept. Where you have no login, somebody else can apply the fragment.
    """
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    switch phase {
    case .typing:
      return [
        KeyBinding(.accept, "log in"), KeyBinding("Tab", "field"), KeyBinding(.back, "back"),
        KeyBinding("F1", "help"),
      ]
    case .running where attempt?.isRunning == true:
      if answer != nil {
        return [
          KeyBinding(.accept, "send it"), KeyBinding(.back, "look at the log"),
          KeyBinding(.interrupt, "cancel"),
        ]
      }
      return [
        KeyBinding(.cancel, "cancel"), KeyBinding(.answer, "type an answer"),
        KeyBinding(.help, "help"),
      ]
    case .choosing, .running:
      return [
        KeyBinding(.accept, "choose"), KeyBinding("↑↓", "move"), KeyBinding(.back, "back"),
        KeyBinding(.help, "help"),
      ]
    }
  }

  var isTyping: Bool { phase == .typing ? form?.isTyping ?? false : answer != nil }
  var isBusy: Bool { attempt?.isRunning == true }

  // MARK: - Choosing

  mutating func open(_ session: inout Session) -> [Effect] {
    if isBusy { return [] }
    phase = .choosing
    offer(session)
    return []
  }

  private mutating func offer(_ session: Session) {
    let offered = session.loginChoices
    choices = offered.map(\.choice)
    menu = Menu(offered.map(\.item))
    if session.todaysLogin == .somebodyElse {
      menu.selected = choices.firstIndex(of: .somebodyElse) ?? 0
    }
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    switch phase {
    case .typing: return formReceives(input, &session)
    case .running where isBusy: return attemptReceives(input, in: area)
    case .choosing, .running: return menuReceives(input, &session)
    }
  }

  private mutating func menuReceives(_ input: Input, _ session: inout Session) -> Reaction {
    if case .key(.escape) = input {
      if phase == .choosing { return .move(.back) }
      phase = .choosing
      offer(session)
      return .none
    }
    guard let index = menu.handle(input), choices.indices.contains(index) else { return .ignored }
    switch choices[index] {
    case .goOn: return .move(.next)
    case .somebodyElse:
      let ending = session.todaysLogin.open.map { [Effect.cancelRun($0.connection)] } ?? []
      session.todaysLogin = .somebodyElse
      return .move(.next, ending)
    case .another:
      let text = attempt?.login.target ?? "@\(session.draft.builder.address)"
      form = Form(OtherLogin.questions(session), answers: OtherLogin(text: text))
      phase = .typing
      return .none
    case .login(let login): return .effects(begin(login, &session))
    }
  }

  private mutating func formReceives(_ input: Input, _ session: inout Session) -> Reaction {
    if case .key(.escape) = input {
      phase = .choosing
      offer(session)
      return .none
    }
    guard let event = form?.handle(input), let answers = form?.answers else { return .ignored }
    guard event == .submitted else { return .none }
    var login = AdministratorLogin(answers.text, of: session.draft.builder)
    login.person = answers.usesRoot ? nil : session.sshPerson
    if let given = session.draft.givenLogin,
      given.host == login.host || login.host == session.draft.builder.address
    {
      login.follow(given)
    }
    return .effects(begin(login, &session))
  }

  // MARK: - Logging in

  private mutating func begin(
    _ login: AdministratorLogin, _ session: inout Session
  ) -> [Effect] {
    let old = session.todaysLogin.open.map { [Effect.cancelRun($0.connection)] } ?? []
    session.todaysLogin = .unknown
    let (attempt, effect) = LoginAttempt.begin(login, &session)
    self.attempt = attempt
    endpoint = session.draft.builder.endpoint
    pane = LogPane(store: attempt.store)
    pane.wraps = true
    answer = nil
    diagnosis = nil
    phase = .running
    return old + [effect]
  }

  func cancel() -> [Effect]? {
    guard let attempt, attempt.isRunning else { return nil }
    return [.cancelRun(attempt.run)]
  }

  private mutating func attemptReceives(_ input: Input, in area: Area) -> Reaction {
    if answer != nil { return answerReceives(input) }
    switch input {
    case .key(.escape), Shortcut.cancel: return .effects(cancel() ?? [])
    case Shortcut.answer: ask()
    default: return pane.react(to: input, in: split(area).log) ?? .ignored
    }
    return .none
  }

  private mutating func answerReceives(_ input: Input) -> Reaction {
    guard let text = answer.take(input) else { return .none }
    return .effects([attempt?.answer(text)].compactMap(\.self))
  }

  private mutating func ask() { answer.ask(attempt?.question) }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch attempt?.receive(message, now: session.now) {
    case .asked?: if attempt?.question == nil { answer = nil } else { ask() }
    case .opened?:
      answer = nil
      guard let attempt, let endpoint else { return .none }
      session.todaysLogins[endpoint] = .login(attempt.login, connection: attempt.run)
      // Somebody may have changed the address meanwhile.
      guard endpoint == session.draft.builder.endpoint else { return .none }
      session.askFacts()
      return .move(.next)
    case .failed?:
      answer = nil
      diagnosis = attempt?.diagnosis(session.draft.builder)
      offerAgain(session)
    case nil: break
    }
    return .none
  }

  /// After a failure: never the same again unasked, since each login counts there.
  private mutating func offerAgain(_ session: Session) {
    offer(session)
    guard let login = attempt?.login else { return }
    choices.removeAll { $0 == .login(login) }
    choices.insert(.login(login), at: choices.firstIndex(of: .another) ?? 0)
    menu = Menu(choices.map { item($0, session) })
    menu.selected = choices.firstIndex(of: .another) ?? 0
  }

  private func item(_ choice: LoginChoice, _ session: Session) -> Menu.Item {
    if case .login(let login) = choice, login == attempt?.login {
      return Menu.Item(title: "Try \(login.target) again")
    }
    return session.loginChoices.first { $0.choice == choice }?.item ?? Menu.Item(title: "")
  }

  // MARK: - Drawing

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    switch phase {
    case .choosing: drawChoice(on: &canvas, in: area, session)
    case .typing: drawForm(on: &canvas, in: area, session)
    case .running: drawAttempt(on: &canvas, in: area, session)
    }
  }

  private func heading(
    on canvas: inout Canvas, in area: Area, _ session: Session
  ) -> Area {
    drawHeading(
      "How do you log in on \(session.name) today?",
      "So that the program can look what is there and fill the answers in. Asked once.",
      on: &canvas, in: area.inset(columns: 2))
  }

  private func drawChoice(on canvas: inout Canvas, in area: Area, _ session: Session) {
    var rest = heading(on: &canvas, in: area, session)
    menu.draw(on: &canvas, in: rest.takeTop(min(menu.rows, rest.rows)))
    hint(session).wrapped(to: rest.columns).draw(on: &canvas, in: rest)
  }

  private func hint(_ session: Session) -> [StyledLine] {
    session.practiceLogin.map {
      [StyledLine(""), StyledLine("Practice: \($0)", Theme.muted, hang: 10)]
    } ?? []
  }

  private func drawForm(on canvas: inout Canvas, in area: Area, _ session: Session) {
    guard let form else { return }
    var rest = heading(on: &canvas, in: area, session)
    form.draw(on: &canvas, in: rest.takeTop(min(form.rows(for: rest.columns), rest.rows)))
    var lines: [StyledLine] = []
    if let problem = form.problem {
      lines = [
        StyledLine(""),
        StyledLine("✗ \(problem.title): \(problem.message)", Theme.failure, hang: 2),
      ]
    }
    (lines + hint(session)).wrapped(to: rest.columns).draw(on: &canvas, in: rest)
  }

  private func split(_ area: Area) -> LogSplit {
    let rows = isBusy ? 2 : min(area.rows * 2 / 3, lowerRows(area))
    return LogSplit(area, columns: 18, rows: 1, lowerRows: rows)
  }

  private func lowerRows(_ area: Area) -> Int {
    failureLines.wrapped(to: area.columns - 4).count + menu.rows + 2
  }

  private var failureLines: [StyledLine] {
    guard let attempt, let failure = attempt.failure else { return [] }
    return [StyledLine("✗ log in: \(failure).", Theme.failure, hang: 2)] + (diagnosis?.lines ?? [])
  }

  private func drawAttempt(on canvas: inout Canvas, in area: Area, _ session: Session) {
    guard let attempt else { return }
    let lower = split(area).draw(
      [attempt.row(now: session.now)], pane, on: &canvas, frame: session.frame)
    var rest = lower.inset(columns: 2)
    if let answer { return answer.drawAsAnswer(on: &canvas, in: rest) }
    if isBusy { return }
    let lines = failureLines.wrapped(to: rest.columns)
    lines.draw(on: &canvas, in: rest.takeTop(max(0, min(lines.count, rest.rows - menu.rows - 1))))
    if rest.rows > menu.rows { _ = rest.takeTop(1) }
    menu.draw(on: &canvas, in: rest)
  }
}
