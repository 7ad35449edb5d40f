import Builders
import Fragments
import Interface
import Terminal

/// Screen 11: what was written, and how it gets into both machines' configuration.
struct ApplyScreen: Screen {
  private var menu = Menu([])
  private var isApplying = false
  private var applied: [String]?
  private var failure: String?

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding("Enter", "choose"), KeyBinding("↑↓", "move"),
      KeyBinding("y", "copy the commands"), KeyBinding("Esc", "back"), KeyBinding("?", "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    The program changes neither machine by itself. Import the fragments once; when you change a \
    builder later, only nixos-rebuild is left to do. Before they are applied the tests can go by \
    what would be written, as root: with a temporary ssh configuration and --builders.
    """
  }

  var isBusy: Bool { isApplying }

  mutating func open(_ session: inout Session) -> [Effect] {
    offer(session)
    return [.inspectRepository]
  }

  private mutating func offer(_ session: Session) {
    let apply = Menu.Item(title: "Apply them on both machines, as NixOS would")
    let test = Menu.Item(title: "Test the connection")
    let list = Menu.Item(title: "Back to the builder list")
    let later = Menu.Item(title: "Later: back to the builder list")
    // Where all builders were written together, the list is where they are tested.
    let next = session.flow == .browse ? [list] : [test, later]
    menu = Menu(session.isPractice && applied == nil ? [apply, next[0]] : next)
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch message {
    case .applied(.success(let lines)):
      isApplying = false
      applied = lines
      failure = nil
      offer(session)
    case .applied(.failure(let error)):
      isApplying = false
      failure = error.reason
    default: break
    }
    return .none
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if isApplying { return .ignored }
    switch input {
    case .key(.escape): return .move(.back)
    case .key(.character("y")):
      return .effects([.copy(instructions(session).commands)])
    default: break
    }
    guard let choice = menu.handle(input) else { return .ignored }
    switch (session.isPractice && applied == nil, choice) {
    case (true, 0):
      isApplying = true
      failure = nil
      return .effects([.applyForPractice(alias: appliedAlias(session))])
    case (true, 1), (false, 0): return .move(.next)
    default: return .move(.home)
    }
  }

  /// The practice machines are two: of several builders the first stands for the second machine.
  private func appliedAlias(_ session: Session) -> String {
    let alias = session.draft.builder.alias
    return alias.isEmpty ? session.saved.enabledBuilders.first?.alias ?? "" : alias
  }

  private func instructions(_ session: Session) -> ApplyInstructions {
    ApplyInstructions(
      directory: session.directory, repository: session.repository,
      builder: session.draft.builder.alias.isEmpty ? nil : session.draft.builder)
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let heading =
      session.writtenFiles.isEmpty ? "Everything was written before." : "Written."
    var rest = drawHeading(heading, on: &canvas, in: area.inset(columns: 2))
    var lines: [StyledLine]
    if let applied {
      lines =
        [StyledLine("Applied, as nixos-rebuild switch would:")]
        + applied.map { StyledLine("✓ \($0)", Theme.success, hang: 2) }
    } else if session.isPractice {
      lines = [
        StyledLine("In \(session.directory)", Theme.muted),
        StyledLine("  " + session.writtenFiles.joined(separator: "  ")),
        StyledLine(""),
        StyledLine(
          "On real machines you would import them and run nixos-rebuild switch on both. Here the "
            + "program can do that: it evaluates the files with Nix, and makes what they say."),
      ]
    } else {
      lines = instructions(session).lines
    }
    if isApplying { lines += [StyledLine(""), StyledLine("Applying…", Theme.muted)] }
    if let failure {
      lines += [StyledLine(""), StyledLine("✗ \(failure)", Theme.failure, hang: 2)]
    }
    let wrapped = lines.wrapped(to: rest.columns)
    wrapped.draw(on: &canvas, in: rest.takeTop(min(wrapped.count, rest.rows - menu.rows - 1)))
    _ = rest.takeTop(1)
    if !isApplying { menu.draw(on: &canvas, in: rest) }
  }
}
