import Builders
import Checks
import Interface
import Terminal

/// Somebody else looks after the builder: what they need, as one text, and a look whether they have
/// applied it. It looks when it is asked, and not by itself: each look is a login.
struct HandOverScreen: Screen {
  private var alias = ""
  private var content = TextAboveMenu()
  private var choices: [Choice] = []
  private var run: CheckRun?
  /// Asks where the text is saved to.
  private var prompt: TextField?
  private var note = ""

  private enum Choice { case look, goOn, evidence, list }

  func title(_ session: Session) -> String { "nix-builders · \(alias), for its owner" }
  func trailing(_ session: Session) -> String? { "" }

  func bindings(_ session: Session) -> [KeyBinding] {
    if prompt != nil { return [KeyBinding(.accept, "save"), KeyBinding(.back, "leave it")] }
    if isBusy { return [KeyBinding(.cancel, "cancel"), KeyBinding(.back, "back")] }
    return [
      KeyBinding(.accept, "choose"), KeyBinding(.copy, "copy it"), KeyBinding(.save, "save it"),
      KeyBinding(.again, "look again"), KeyBinding("PgUp PgDn", "scroll"),
      KeyBinding(.back, "back"),
      KeyBinding(.help, "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    Give the text to whoever looks after \(alias): it has the fragment, the line that imports it, \
    the command, and what comes of it. \(session.ownCommand.line("show", "remote", alias)) prints \
    the fragment alone. You can leave meanwhile, also the program; a test of \(alias) in the builder \
    list leads on from there.
    """
  }

  var isTyping: Bool { prompt != nil }
  var isBusy: Bool { run?.isRunning ?? false }

  private func builder(_ session: Session) -> Builder? { session.builder(named: alias) }

  private func text(_ session: Session) -> String {
    builder(session).map {
      HandOver(builder: $0, hostName: session.machine?.hostName ?? "").text
    } ?? ""
  }

  // MARK: - Looking

  mutating func open(_ session: inout Session) -> [Effect] {
    if case .there(let wanted)? = session.applying, wanted != alias {
      let old = cancel() ?? []
      self = HandOverScreen()
      alias = wanted
      offer(session)
      return old
    }
    offer(session)
    return []
  }

  private mutating func look(_ session: inout Session) -> [Effect] {
    guard let builder = builder(session) else { return [] }
    note = ""
    // What the forms are about is noted with the other results of these answers.
    let isDraft = builder == session.draft.builder
    let (run, effect) = CheckRun.begin(
      [.connection], of: isDraft ? nil : builder, by: .written, &session)
    let old = cancel() ?? []
    self.run = run
    offer(session)
    return old + [effect]
  }

  func cancel() -> [Effect]? {
    run.flatMap { $0.isRunning ? [.cancelRun($0.id)] : nil }
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    if case .saved(let path, let problem) = message {
      note = LogPane.note(savedTo: path, problem: problem)
      return .none
    }
    guard run?.receive(message, &session) == true else { return .none }
    if run?.isRunning == false { offer(session) }
    return .none
  }

  // MARK: - Choosing

  private mutating func offer(_ session: Session) {
    var offered: [(Choice, String)] = [(.look, "Look again")]
    if run?.allPassed == true {
      offered.insert((.goOn, "Go on"), at: 0)
    } else {
      if run?.trouble?.evidence.isEmpty == false {
        offered.append((.evidence, "Show what was printed"))
      }
      offered.append((.goOn, "Go on without"))
    }
    offered.append((.list, "Later: back to the builder list"))
    choices = offered.map(\.0)
    content.menu = Menu(offered.map { Menu.Item(title: $0.1) })
    content.show(
      text(session).split(separator: "\n", omittingEmptySubsequences: false).map {
        StyledLine(String($0))
      })
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if prompt != nil { return promptReceives(input, session) }
    if isBusy {
      switch input {
      case Shortcut.cancel: return .effects(cancel() ?? [])
      case .key(.escape): return .move(session.wayOutOfApplying, cancel() ?? [])
      default: return .ignored
      }
    }
    switch input {
    case .key(.escape): return .move(session.wayOutOfApplying)
    case Shortcut.copy: return .effects([.copy(text(session))])
    case Shortcut.again: return .effects(look(&session))
    case Shortcut.save:
      prompt = TextField("\(alias)-for-its-owner.txt")
      return .none
    default: break
    }
    let place = parts(of: areaBelowHeading(Self.purpose, in: area.inset(columns: 2))).content
    guard let index = content.handle(input, in: place), choices.indices.contains(index) else {
      return .ignored
    }
    switch choices[index] {
    case .look: return .effects(look(&session))
    case .evidence: return showEvidence()
    case .list: return .move(.home)
    case .goOn:
      // With the builder that the forms are about it is the tests that come next, and this machine
      // only when they went well.
      if session.flow != .browse { return .move(.to(.connection)) }
      return .move(session.goOnApplying(after: .there(alias)))
    }
  }

  private func showEvidence() -> Reaction {
    guard let run else { return .none }
    return .page("What was printed", Document(evidenceOf: run))
  }

  private mutating func promptReceives(_ input: Input, _ session: Session) -> Reaction {
    switch input {
    case .key(.escape): prompt = nil
    case .key(.enter):
      let path = prompt?.text ?? ""
      prompt = nil
      if !path.isEmpty { return .effects([.saveText(path: path, text(session))]) }
    default: _ = prompt?.handle(input)
    }
    return .none
  }

  // MARK: - Drawing

  private static let purpose =
    "y copies it, s saves it. It has all they need, and what comes of it."

  private var standing: [StyledLine] {
    if !note.isEmpty { return [StyledLine(note)] }
    guard let run else {
      return [
        StyledLine(
          "○ Until its owner has applied this, \(alias) does not know the key. Look again when they "
            + "have.", hang: 2)
      ]
    }
    if run.isRunning { return [StyledLine("Looking… \(run.summary)", Theme.muted)] }
    if run.allPassed {
      return [StyledLine("✓ \(alias) knows the key, and Nix there answers.", Theme.success)]
    }
    if run.trouble?.outcome == .notYet {
      return [
        StyledLine(
          "○ \(alias) does not know the key yet; that is so until its owner has applied this.",
          hang: 2)
      ]
    }
    return run.explanation ?? []
  }

  /// The text with the choice, and below it how it stands.
  private func parts(of area: Area) -> (content: Area, standing: Area) {
    var rest = area
    let rows = prompt == nil ? standing.wrapped(to: area.columns).count : 1
    let lower = rest.takeBottom(min(rows, max(1, area.rows / 3)))
    _ = rest.takeBottom(1)
    return (rest, lower)
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let rest = drawHeading(
      "Hand this to whoever looks after \(alias)", Self.purpose, on: &canvas,
      in: area.inset(columns: 2))
    var (place, lower) = parts(of: rest)
    content.draw(on: &canvas, in: place)
    guard let prompt else {
      standing.wrapped(to: lower.columns).draw(on: &canvas, in: lower)
      return
    }
    _ = lower.takeLeft(
      canvas.write("Save to  ", at: lower.origin, limit: lower.columns - 1))
    prompt.draw(on: &canvas, in: lower, isFocused: true)
  }
}
