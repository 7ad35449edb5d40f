import Builders
import Checks
import Features
import Interface
import SSH
import Terminal

/// The program applies a fragment itself: it asks for the administrator's login, shows the commands,
/// and after consent runs them, with the questions of ssh and sudo answered below their log.
struct ApplyingScreen: Screen {
  enum Phase {
    /// For the administrator's login.
    case asking
    /// The commands are shown.
    case showing
    /// Something that was found has to be decided on.
    case deciding
    /// The commands run, or have run.
    case running
    /// There is no nixos-rebuild: what is to be done instead is shown.
    case byHand
  }

  enum Choice {
    case run, changeLogin, addImport, goOn, leave
  }

  private(set) var target = ApplyTarget.here
  private(set) var phase = Phase.showing
  private(set) var form: Form<Administrator>?
  private(set) var plan: ApplyPlan?
  private(set) var run: ApplyRun?
  private(set) var pane = LogPane(store: LogStore())
  /// What is typed for a command that asks.
  private(set) var answer: TextField?
  private(set) var menu = Menu([])
  private var choices: [Choice] = []
  private(set) var note = ""
  /// What is to be done where the program cannot.
  private var byHand: ByHand?
  private(set) var byHandText = TextAboveMenu()
  /// How many lines of what is shown before the choice are above the window.
  private(set) var scrolled = 0
  /// What changes the configuration, as it was agreed to after something was found.
  private var accepted: [ApplyCommand] = []

  func title(_ session: Session) -> String {
    "nix-builders · applying \(target.place)"
  }

  func trailing(_ session: Session) -> String? { "" }

  func help(_ session: Session) -> String {
    """
    The commands run on a terminal of their own: what ssh or sudo ask on it appears below the log, \
    and what you type goes there and nowhere else. A line that is not shown while it is typed is not \
    kept either. Nothing is changed before the copying, and no file of yours is edited unless you \
    have seen how.
    """
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    switch phase {
    case .asking:
      return [
        KeyBinding(.accept, "show the commands"), KeyBinding("Tab", "field"),
        KeyBinding(.back, "back"), KeyBinding("F1", "help"),
      ]
    case .showing, .deciding:
      return [
        KeyBinding(.accept, "choose"), KeyBinding("↑↓", "move"),
        KeyBinding(.copy, "copy the commands"), KeyBinding("PgUp PgDn", "scroll", isShown: false),
        KeyBinding(.back, "back"), KeyBinding(.help, "help"),
      ]
    case .running: return runningBindings
    case .byHand:
      return [
        KeyBinding(.accept, "choose"), KeyBinding("↑↓", "move"), KeyBinding("PgUp PgDn", "scroll"),
        KeyBinding(.copy, "copy it"), KeyBinding(.back, "back"), KeyBinding(.help, "help"),
      ]
    }
  }

  private var runningBindings: [KeyBinding] {
    if answer != nil {
      return [
        KeyBinding(.accept, "send it"), KeyBinding(.back, "look at the log"),
        KeyBinding(.interrupt, "cancel"),
      ]
    }
    if pane.isPrompting { return [KeyBinding](pane.bindings) }
    var bindings: [KeyBinding]
    if run?.isRunning == true {
      bindings = [KeyBinding(.cancel, "cancel"), KeyBinding(.answer, "type an answer")]
    } else {
      bindings = [KeyBinding(.accept, "next")]
      if run?.failedStep != nil { bindings.append(KeyBinding(.again, "again from there")) }
    }
    bindings += [KeyBinding](pane.bindings) + pane.hints
    if run?.isRunning == false, !bindings.contains(where: { $0.keys == [.escape] }) {
      bindings.append(KeyBinding(.back, "back"))
    }
    return bindings + [KeyBinding(.help, "help")]
  }

  var isTyping: Bool {
    switch phase {
    case .asking: form?.isTyping ?? false
    case .showing, .deciding, .byHand: false
    case .running: answer != nil || pane.isPrompting
    }
  }

  var isBusy: Bool { run?.isRunning == true || phase == .running && pane.wantsTick }

  // MARK: - Before anything runs

  mutating func open(_ session: inout Session) -> [Effect] {
    let wanted = session.applying ?? .here
    if run?.isRunning == true, wanted == target { return [] }
    let old = run?.ending ?? []
    self = ApplyingScreen()
    target = wanted
    switch wanted {
    case .here:
      show(ApplyPlan(output: session.directory, isRoot: session.machine?.isRoot ?? true))
    case .there(let alias):
      guard let builder = session.builder(named: alias) else { return old }
      let known = session.todaysLogins[builder.endpoint].login
      var answers = session.administrators[alias] ?? Administrator(of: builder)
      if let known { answers.login = known.target }
      form = Form(Administrator.questions, answers: answers)
      phase = .asking
      // How one logs in was asked before.
      if let known { show(known, answers, for: builder, session) }
    }
    return old
  }

  private mutating func show(
    _ login: AdministratorLogin, _ answers: Administrator, for builder: Builder,
    _ session: Session
  ) {
    var plan = ApplyPlan(
      builder: builder, login: login, directory: answers.directory, output: session.directory)
    plan.isConnected = openConnection(of: login, to: builder, session) != nil
    show(plan)
  }

  /// The connection that was opened with a login and is still there.
  private func openConnection(
    of login: AdministratorLogin?, to builder: Builder?, _ session: Session
  ) -> Int? {
    guard let open = builder.flatMap({ session.todaysLogins[$0.endpoint].open }) else { return nil }
    return open.login == login ? open.connection : nil
  }

  private func builder(_ session: Session) -> Builder? {
    if case .there(let alias) = target { session.builder(named: alias) } else { nil }
  }

  private mutating func show(_ plan: ApplyPlan) {
    self.plan = plan
    phase = .showing
    var offered: [(Choice, String)] = [(.run, "Run these commands")]
    if plan.login != nil { offered.append((.changeLogin, "Change the login")) }
    offer(offered + [(.leave, "Leave it, I do it by hand")])
  }

  private mutating func offer(_ offered: [(Choice, String)]) {
    scrolled = 0
    choices = offered.map(\.0)
    menu = Menu(offered.map { Menu.Item(title: $0.1) })
  }

  // MARK: - Input

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    switch phase {
    case .asking: return formReceives(input, &session)
    case .showing, .deciding: return menuReceives(input, in: area, &session)
    case .running: return runReceives(input, in: area, &session)
    case .byHand: return byHandReceives(input, in: area, &session)
    }
  }

  private mutating func formReceives(_ input: Input, _ session: inout Session) -> Reaction {
    if input == .key(.escape) { return leave(session) }
    guard let event = form?.handle(input), let answers = form?.answers else { return .ignored }
    guard event == .submitted, let builder = builder(session) else { return .none }
    session.administrators[builder.alias] = answers
    if let known = session.todaysLogins[builder.endpoint].login, known.target == answers.login {
      show(known, answers, for: builder, session)
      return .none
    }
    var login = AdministratorLogin(answers.login, of: builder)
    login.person = session.sshPerson
    show(login, answers, for: builder, session)
    return .none
  }

  private mutating func menuReceives(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch input {
    case Shortcut.copy: return .effects([.copy(commands)])
    case .key(.escape): return goBack(session)
    case .key(.pageUp):
      scrolled = max(0, scrolled - 4)
      return .none
    case .key(.pageDown):
      scrolled = min(scrolled + 4, hiddenLines(in: area, session))
      return .none
    default: break
    }
    guard let index = menu.handle(input), choices.indices.contains(index) else { return .ignored }
    switch choices[index] {
    case .changeLogin:
      phase = .asking
      return .none
    case .leave: return leave(session)
    case .run:
      guard let plan else { return .none }
      let run = ApplyRun(
        plan, over: openConnection(of: plan.login, to: builder(session), session))
      guard let first = run.plan.steps.first else { return .none }
      self.run = run
      pane = LogPane(store: run.store)
      pane.wraps = true
      return .effects(begin(first, &session))
    case .addImport:
      run?.plan.addsImport = true
      accept()
      return .effects(begin(after: .look, &session))
    case .goOn:
      accept()
      return .effects(begin(after: .look, &session))
    }
  }

  private mutating func goBack(_ session: Session) -> Reaction {
    if phase == .showing, form != nil {
      phase = .asking
      return .none
    }
    return leave(session)
  }

  private func leave(_ session: Session) -> Reaction {
    .move(session.wayOutOfApplying, run?.ending ?? [])
  }

  private mutating func runReceives(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    if answer != nil { return answerReceives(input) }
    if let reaction = pane.react(to: input, in: split(area).log) { return reaction }
    switch input {
    case .key(.escape): return run?.isRunning == true ? .none : leave(session)
    case .key(.enter):
      guard run?.isRunning == false else { return .none }
      if isByHand {
        showByHand(session)
        return .none
      }
      if run?.isDone == true { return .move(session.goOnApplying(after: target)) }
      return leave(session)
    case Shortcut.cancel: return .effects(cancel() ?? [])
    case Shortcut.answer where run?.isRunning == true: ask()
    case Shortcut.again where run?.isRunning == false:
      guard run?.failedStep != nil else { return .none }
      note = ""
      return .effects(run?.retry(&session) ?? [])
    default: return .ignored
    }
    return .none
  }

  /// While a command asks, only what scrolls is left to the log.
  private mutating func answerReceives(_ input: Input) -> Reaction {
    guard let text = answer.take(input) else { return .none }
    return .effects(run?.answer(text) ?? [])
  }

  private mutating func ask() { answer.ask(run?.question) }

  func cancel() -> [Effect]? { run?.isRunning == true ? run?.ending : nil }

  // MARK: - Running

  private mutating func begin(_ step: ApplyPlan.Step, _ session: inout Session) -> [Effect] {
    phase = .running
    note = ""
    answer = nil
    return run?.begin(step, &session) ?? []
  }

  private mutating func begin(
    after step: ApplyPlan.Step, _ session: inout Session
  ) -> [Effect] {
    guard let next = run?.next(after: step) else { return [] }
    return begin(next, &session)
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    if case .saved(let path, let problem) = message {
      note = LogPane.note(savedTo: path, problem: problem)
      return .none
    }
    switch run?.receive(message, session) {
    case .question?: if run?.question == nil { answer = nil } else { ask() }
    case .failed?:
      answer = nil
      menu = Menu([])
      if isByHand { showByHand(session) }
    case .done(.look)? where hasToBeDecided:
      answer = nil
      decide()
    case .done(let step)?:
      answer = nil
      if step == .connect { keepConnection(&session) }
      if isByHand {
        showByHand(session)
        return .none
      }
      if run?.isDone == true { return .effects(finish(&session)) }
      return .effects(begin(after: step, &session))
    case .some(.none), nil: break
    }
    return .none
  }

  /// Whether what was found needs another consent than those that were given.
  private var hasToBeDecided: Bool {
    guard let run, let found = run.plan.found else { return false }
    let command = run.plan.command(.activate)
    if accepted.contains(command) { return false }
    return found.standing(of: run.plan.importedPath) != .present
      || command != plan?.command(.activate)
  }

  /// The person agrees with the commands as they stand.
  private mutating func accept() {
    if let command = run?.plan.command(.activate) { accepted.append(command) }
  }

  private mutating func decide() {
    phase = .deciding
    switch run?.plan.found?.standing(of: run?.plan.importedPath ?? "") {
    case .addable?:
      offer([
        (.addImport, "Add the line, and go on"),
        (.goOn, "Go on without: another module imports it"),
        (.leave, "Stop here, nothing was changed"),
      ])
    case .unclear?:
      offer([
        (.leave, "Stop here, nothing was changed"), (.goOn, "Go on: it is imported"),
      ])
    case .present?, nil:
      offer([(.goOn, "Run these commands"), (.leave, "Stop here, nothing was changed")])
    }
  }

  /// The connection is kept for what else is done there.
  private func keepConnection(_ session: inout Session) {
    guard let builder = builder(session), let login = plan?.login, let connection = run?.connection
    else { return }
    if let old = session.todaysLogins[builder.endpoint].open {
      session.perform(.cancelRun(old.connection))
    }
    session.todaysLogins[builder.endpoint] = .login(login, connection: connection)
  }

  private mutating func finish(_ session: inout Session) -> [Effect] {
    session.noteApplied(target)
    return run?.ending ?? []
  }

  /// Whether the program cannot apply it there, since there is no nixos-rebuild.
  private var isByHand: Bool {
    run?.failedStep == .look && run?.plan.found.map { $0.rebuild == nil } == true
  }

  private mutating func showByHand(_ session: Session) {
    switch target {
    case .here: byHand = ByHand(here: session.saved)
    case .there(let alias): byHand = session.builder(named: alias).map { ByHand(on: $0) }
    }
    phase = .byHand
    byHandText.show(byHand?.lines ?? [])
    byHandText.menu = Menu([
      Menu.Item(title: "Go on"), Menu.Item(title: "Look again"), Menu.Item(title: "Show the log"),
    ])
  }

  private mutating func byHandReceives(
    _ input: Input, in area: Area, _ session: inout Session
  ) -> Reaction {
    switch input {
    case .key(.escape): return leave(session)
    case Shortcut.copy: return .effects([.copy(byHand?.text ?? "")])
    default: break
    }
    let place = areaBelowHeading(byHandPurpose, in: area.inset(columns: 2))
    switch byHandText.handle(input, in: place) {
    case 0?: return .move(session.goOnApplying(after: target))
    case 1?:
      phase = .running
      return .effects(run?.retry(&session) ?? [])
    case .some:
      phase = .running
      return .none
    case nil: return .none
    }
  }

  /// What `y` copies.
  private var commands: String {
    shownSteps.map { step in (shownPlan?.command(step).text ?? "") + "\n" }.joined()
  }

  /// The plan as it stands: with the line that is offered, where one is.
  var shownPlan: ApplyPlan? {
    guard phase == .deciding, var plan = run?.plan else { return plan }
    plan.addsImport = menu.selected == 0
    return plan
  }

  /// The steps that are still to come.
  var shownSteps: [ApplyPlan.Step] {
    let steps = plan?.steps ?? []
    return phase == .deciding ? Array(steps.drop { $0 != .look }.dropFirst()) : steps
  }
}

extension Administrator {
  /// What is asked.
  fileprivate static var questions: [Question<Administrator>] {
    [
      .text(
        "Login", hint: "USER@HOST, one that may change it",
        help: "Other accounts than root use sudo there. At another address ssh's own configuration "
          + "says port and host key.",
        at: \.login, rule: AdministratorLogin.problem),
      .text(
        "Configuration", hint: "the directory of its configuration.nix",
        help: "Where it is not /etc/nixos, nixos-rebuild is told so.", at: \.directory,
        rule: Rules.folder),
    ]
  }
}

extension Session {
  /// A builder by its alias: the draft, or one of the inventory.
  func builder(named alias: String) -> Builder? {
    draft.builder.alias == alias
      ? draft.builder : inventory.builder(alias)
  }
}
