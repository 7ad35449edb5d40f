import Builders
import Fragments
import Interface
import Terminal

/// The whole program: which screen is shown, in which order they come, and what is the same on all
/// of them.
public struct Wizard: Application {
  /// What comes back from effects.
  public typealias Message = Screens.Message
  /// What is to be done outside.
  public typealias Effect = Screens.Effect

  /// What the screens share.
  public internal(set) var session: Session
  /// The screen that is shown.
  public private(set) var step: Step
  /// The screens that were shown before, as they were left.
  private var screens: [Step: any Screen] = [:]
  /// The way back: the screens that one came through, each once, the nearest last.
  private var path: [Step] = []
  /// The ``Session/draftNumber`` that they are about.
  private var screensNumber: Int?
  /// Of the window; `nil` before the program has begun.
  private var size: Size?
  private var overlay: Overlay?
  private var clipboard = Clipboard()
  /// Why the inventory could not be read; the program has nothing to do then.
  public private(set) var failure: OutputError?

  /// What lies on top of the screen.
  private enum Overlay {
    case help(HelpOverlay)
    case actions(Palette)
    case page(Page)
    case quit(Dialog)
    /// Whether the changes of an earlier session are taken up.
    case takeUp(Dialog)
  }

  /// The smallest window in which the screens can be drawn.
  static let smallest = Size(columns: 40, rows: 12)

  /// Starts with the welcome or the builder list, once the window's size is told.
  public init(_ session: Session) {
    self.session = session
    step = session.isEmpty ? .welcome : .builders
  }

  /// Starts with a picture that says so, until a large inventory is read.
  public init(opening directory: String) {
    session = Session(directory: directory, inventory: nil)
    step = .opening
  }

  /// Whether the terminal is known to take texts for the clipboard.
  public var hasClipboard: Bool {
    get { clipboard.isThere }
    set { clipboard.isThere = newValue }
  }

  private static func screen(_ step: Step) -> any Screen {
    switch step {
    case .opening: OpeningScreen()
    case .welcome: WelcomeScreen()
    case .builders: BuilderListScreen()
    case .drift: DriftScreen()
    case .route: RouteScreen()
    case .measures: MeasuresScreen()
    case .importing: ImportScreen()
    case .hostKeys: HostKeysScreen()
    case .edit: EditScreen()
    case .address: FormScreen.address
    case .options: FormScreen.options
    case .reach: ValidationScreen.reach
    case .administrator: AdministratorScreen()
    case .facts: FactsScreen()
    case .access: AccessScreen()
    case .login: ValidationScreen.login
    case .capabilities: FormScreen.capabilities
    case .probe: ValidationScreen.probe
    case .local: FormScreen.local
    case .account: FormScreen.account
    case .review: ReviewScreen()
    case .apply: ApplyScreen()
    case .applying: ApplyingScreen()
    case .handOver: HandOverScreen()
    case .connection: TestScreen.connection
    case .build: TestScreen.build
    case .summary: SummaryScreen()
    }
  }

  private var screen: any Screen { screens[step] ?? Self.screen(step) }

  /// How often the screen moves by itself, in seconds.
  public var tickInterval: Double? { screen.isBusy ? 0.1 : nil }

  /// What can be done now.
  var keysNow: [KeyBinding] {
    screen.bindings(session).followed(by: GeneralAction.untold(screen.isTyping))
  }

  // MARK: - Order

  private var home: Step { session.isEmpty ? .welcome : .builders }

  private var next: Step {
    // Who only came to look at the host key goes back to where that was.
    if step == .reach, let last = path.last, [.connection, .build, .edit].contains(last) {
      return last
    }
    if session.flow == .browse { return step == .review ? .apply : home }
    guard session.flow == .setUp else { return nextInEditing }
    guard let index = Step.order.firstIndex(of: step), index + 1 < Step.order.count else {
      return home
    }
    return Step.order[(index + 1)...].first(where: isPossible) ?? home
  }

  /// Whether a screen has something to show now.
  private func isPossible(_ step: Step) -> Bool {
    switch step {
    // Without a login nothing can be probed; that comes after the fragments are applied.
    case .probe: session.results[.login]?.outcome == .passed
    case .facts: session.todaysLogin.login != nil || session.said.facts != nil
    default: true
    }
  }

  /// What changed is put to the test, and the person comes back to where it was chosen.
  private var nextInEditing: Step {
    let (old, new) = (session.begun.builder, session.draft.builder)
    switch step {
    case .address where !old.isReached(like: new) || new.hostKey == nil: return .reach
    case .options where !old.isReached(like: new): return .reach
    case .administrator where session.todaysLogin.login != nil: return .facts
    case .access where old.user != new.user || old.keyPath != new.keyPath: return .login
    case .capabilities where session.results[.login]?.outcome == .passed: return .probe
    case .review: return .apply
    case .apply: return .connection
    case .connection: return .build
    case .build: return .summary
    case .summary: return home
    // Back to where the part was chosen: the edit screen, or the list itself.
    default: return path.contains(.edit) ? .edit : home
    }
  }

  private mutating func go(_ move: Move) -> [Effect] {
    switch move {
    case .next:
      goesOn()
      return show(next)
    case .back: return show(path.last ?? home)
    case .to(let step): return show(step)
    case .correct(let step, let field):
      let effects = show(step)
      screens[step]?.focus(field)
      return effects
    case .home: return show(home)
    case .leave: return askToQuit()
    case .setUp:
      if session.hasDraft { session.resumeDraft() } else { session.beginBuilder() }
      return forgetScreens() + show(.address)
    case .edit(let index):
      session.editBuilder(at: index)
      return forgetScreens() + show(.edit)
    case .rename(let index):
      session.editBuilder(at: index)
      let effects = forgetScreens() + show(.address)
      screens[.address]?.focus(AddressField.alias)
      return effects
    case .test(let index):
      session.editBuilder(at: index)
      return forgetScreens() + show(.connection)
    case .compareKey(let index):
      session.editBuilder(at: index)
      return forgetScreens() + show(.reach)
    case .measure(let index):
      session.measuredAlias = session.inventory.builders[index].alias
      return show(.measures)
    }
  }

  /// The person has gone on from a screen: what it asks is answered.
  private mutating func goesOn() {
    session.answered.insert(step)
    // Whether there is such an account is asked of another one too; it takes no login.
    if step == .access, let account = session.said.facts?.account,
      account.name != session.draft.builder.user
    {
      session.askFacts()
    }
  }

  /// The screens of another builder are of no use; the list keeps its place.
  ///
  /// - Returns: what ends the runs of those screens.
  private mutating func forgetScreens() -> [Effect] {
    guard session.draftNumber != screensNumber else { return [] }
    screensNumber = session.draftNumber
    let kept: Set<Step> = [
      .welcome, .builders, .drift, .route, .measures, .importing, .hostKeys,
    ]
    let effects = screens.filter { !kept.contains($0.key) }.values.flatMap { $0.cancel() ?? [] }
    screens = screens.filter { kept.contains($0.key) }
    return effects
  }

  /// Shows a screen. One that is on the way back already is gone back to.
  @discardableResult
  mutating func show(_ step: Step) -> [Effect] {
    if step == home {
      path = []
    } else if let place = path.firstIndex(of: step) {
      path.removeSubrange(place...)
    } else if step != self.step {
      path.append(self.step)
    }
    // The welcome knows of a builder that was begun; the list puts it aside itself.
    if step == .welcome { session.resumeDraft() }
    if step != .address { session.endStrayLogins() }
    self.step = step
    var screen = screen
    let effects = screen.open(&session)
    screens[step] = screen
    return effects
  }

  // MARK: - What happens

  /// Takes what the person does.
  public mutating func receive(_ input: Input, now: Double) -> [Effect] {
    session.now = now
    let effects = take(input)
    return effects + session.takeEffects()
  }

  private mutating func take(_ input: Input) -> [Effect] {
    if case .resize(let size) = input {
      let isFirst = self.size == nil
      self.size = size
      return isFirst ? begin() : []
    }
    switch input {
    case .key, .paste, .press:
      session.notice = ""
      clipboard.noteKey()
    case .wheel, .resize, .tick: break
    }
    if let overlay { return receive(input, on: overlay) }
    if case .key(.control("c")) = input { return interrupt() }
    let area = screenArea
    if screens[step] == nil { screens[step] = Self.screen(step) }
    guard let reaction = screens[step]?.receive(input, in: area, &session) else { return [] }
    if reaction.isIgnored { return receiveUnclaimed(input) }
    return follow(reaction)
  }

  private mutating func begin() -> [Effect] {
    if step == .opening { return show(step) }
    let effects = show(step) + [.tellTime, .watchInventory]
    session.look()
    if let kept = session.kept { overlay = .takeUp(Dialog(takingUp: kept, now: nil)) }
    return effects
  }

  /// Takes what an effect has brought.
  public mutating func receive(_ message: Message, now: Double) -> [Effect] {
    session.now = now
    let effects = take(message)
    return effects + session.takeEffects()
  }

  private mutating func take(_ message: Message) -> [Effect] {
    if case .opened(let result) = message { return open(result) }
    session.note(message)
    if case .takeUp(let dialog)? = overlay, let kept = session.kept {
      var dated = Dialog(takingUp: kept, now: session.moment)
      dated.selected = dialog.selected
      overlay = .takeUp(dated)
    }
    var effects: [Effect] = []
    // A run goes on when its screen is left, and its results are still wanted.
    for step in screens.keys where step != self.step {
      // Where it would go now is not where anybody looks.
      effects += screens[step]?.receive(message, &session).effects ?? []
    }
    // It is changed where it is: a copy of the tests of ten thousand builders takes its time.
    if screens[step] == nil { screens[step] = Self.screen(step) }
    if let reaction = screens[step]?.receive(message, &session) { effects += follow(reaction) }
    return effects
  }

  private mutating func open(_ result: Result<Session, OutputError>) -> [Effect] {
    switch result {
    case .failure(let error):
      failure = error
      return [.quit]
    case .success(let session):
      let (size, clipboard) = (size, clipboard)
      self = Wizard(session)
      (self.size, self.clipboard) = (size, clipboard)
      return begin()
    }
  }

  private mutating func follow(_ reaction: Reaction) -> [Effect] {
    if let page = reaction.page { overlay = .page(page) }
    for case .copy(let text) in reaction.effects {
      switch clipboard.take(text) {
      case .notice(let notice): session.notice = notice
      case .page(let page): overlay = .page(page)
      }
    }
    return reaction.effects + (reaction.move.map { go($0) } ?? [])
  }

  private mutating func receiveUnclaimed(_ input: Input) -> [Effect] {
    guard case .key(let key) = input else { return [] }
    switch GeneralAction.bindings(isTyping: screen.isTyping).binding(of: key)?.action {
    case .back?: return go(.back)
    case .help?: openHelp()
    case .actions?: overlay = .actions(Palette(keysNow))
    case nil: break
    }
    return []
  }

  private mutating func openHelp() {
    overlay = .help(
      HelpOverlay(
        title: "Help", text: screen.help(session), bindings: keysNow))
  }

  /// Ctrl-C first ends what runs, and otherwise leaves.
  private mutating func interrupt() -> [Effect] { screen.cancel() ?? askToQuit() }

  private mutating func askToQuit() -> [Effect] {
    guard session.hasUnsavedAnswers else { return [.quit] }
    let later = session.keepsAnswers ? ["Quit, and go on with them the next time"] : []
    overlay = .quit(
      Dialog(
        title: "Quit?", text: "Your answers are not written yet, and would be lost.",
        choices: ["Stay here", "Quit without them"] + later, escape: 0))
    return []
  }

  private mutating func receive(_ input: Input, on overlay: Overlay) -> [Effect] {
    switch overlay {
    case .help(var help):
      self.overlay = help.handle(input, size: size ?? Self.smallest) ? nil : .help(help)
    case .actions(var palette):
      let answer = palette.handle(input)
      self.overlay = answer == nil ? .actions(palette) : nil
      if case .press(let key)? = answer { return take(.key(key)) }
    case .page(var page):
      let isClosed = page.handle(input, rows: screenArea.rows - 2)
      self.overlay = isClosed ? nil : .page(page)
    case .quit(var dialog):
      if case .key(.control("c")) = input { return [.quit] }
      let answer = dialog.handle(input)
      self.overlay = answer == nil ? .quit(dialog) : nil
      if answer == 2 { session.parting = .keepAnswers }
      if answer == 1 || answer == 2 { return [.quit] }
      // Whoever stays does not start anew as root either.
      if answer == 0 { session.parting = .leave }
    case .takeUp(var dialog):
      if case .key(.control("c")) = input { return [.quit] }
      let answer = dialog.handle(input)
      self.overlay = answer == nil ? .takeUp(dialog) : nil
      if answer == 0 { return takeUp() }
      if answer == 1 { return drop() }
    }
    return []
  }

  private mutating func takeUp() -> [Effect] {
    let step = session.takeUpKept()
    screensNumber = nil
    return forgetScreens() + show(step)
  }

  private mutating func drop() -> [Effect] {
    session.kept = nil
    return [.dropUnsaved]
  }

  // MARK: - Drawing

  private var frame: Frame {
    let isInWizard = session.flow == .setUp && step.stripIndex != nil
    let place = step.stripIndex.map { "\($0 + 1) of \(Step.strip.count)" } ?? ""
    return Frame(
      title: screen.title(session),
      trailing: screen.trailing(session) ?? (isInWizard ? place : ""),
      steps: isInWizard ? Step.strip : [], currentStep: isInWizard ? step.stripIndex : nil,
      bindings: keysNow, notice: session.notice)
  }

  /// Where the screen is drawn in the present window.
  private var screenArea: Area {
    frame.area(in: size ?? Self.smallest)
  }

  /// Draws the whole window.
  public func draw(on canvas: inout Canvas) {
    if canvas.size.columns < Self.smallest.columns || canvas.size.rows < Self.smallest.rows {
      SmallWindowNotice(smallest: Self.smallest).draw(on: &canvas)
      return
    }
    if case .page(let page) = overlay { return page.draw(on: &canvas) }
    let frame = frame
    screen.draw(on: &canvas, in: frame.draw(on: &canvas), session)
    frame.drawNotice(on: &canvas)
    switch overlay {
    case .actions(let palette)?: palette.draw(on: &canvas, in: canvas.area)
    case .help(let help)?: help.draw(on: &canvas, in: canvas.area)
    case .quit(let dialog)?, .takeUp(let dialog)?: dialog.draw(on: &canvas, in: canvas.area)
    case nil, .page?: break
    }
  }
}
