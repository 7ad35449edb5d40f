import Builders
import Fragments
import Interface
import Terminal

/// Screen 11: what was written, and how it gets into both machines' configuration.
struct ApplyScreen: Screen {
  private var menu = Menu([])
  private var choices: [Choice] = []
  private var isApplying = false
  private var applied: [String]?
  private var failure: String?

  private enum Choice {
    case applyForPractice, apply(ApplyTarget), next, later
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding("Enter", "choose"), KeyBinding("↑↓", "move"),
      KeyBinding("y", "copy the commands"), KeyBinding("Esc", "back"), KeyBinding("?", "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    Import the fragments once; when you change a builder later, only nixos-rebuild is left to do. \
    You can do it by hand, or let the program run the commands, which it shows first. Before they \
    are applied the tests can go by what would be written, as root: with a temporary ssh \
    configuration and --builders.
    """
  }

  var isBusy: Bool { isApplying }

  mutating func open(_ session: inout Session) -> [Effect] {
    offer(session)
    return [.inspectRepository]
  }

  // MARK: - Choosing

  private mutating func offer(_ session: Session) {
    var offered: [(Choice, String)] = []
    if session.isPractice, applied == nil, session.applied.isEmpty {
      offered.append((.applyForPractice, "Apply them on both machines, as NixOS would"))
    }
    let inBrowsing = session.flow == .browse
    // Where all builders were written together, the list is where they are tested.
    offered.append((.next, inBrowsing ? "Back to the builder list" : "Test the connection"))
    let begun = offered.count
    for alias in aliases(session) {
      offered.append(
        (.apply(.there(alias)), "Apply it on \(alias) over an administrator's login"))
    }
    offered.append((.apply(.here), "Apply it here"))
    if !inBrowsing, !session.isPractice {
      offered.append((.later, "Later: back to the builder list"))
    }
    choices = offered.map(\.0)
    menu = Menu(offered.map { Menu.Item(title: $0.1) })
    // Whoever has begun with it goes on with the machine that is left.
    if !session.applied.isEmpty {
      let left = choices.indices.dropFirst(begun).first { index in
        if case .apply(let target) = choices[index] {
          !session.applied.contains(target)
        } else {
          false
        }
      }
      menu.selected = left ?? menu.selected
    }
  }

  /// The builders whose fragments can be applied: the one that the forms are about, or those that
  /// were written.
  private func aliases(_ session: Session) -> [String] {
    let alias = session.draft.builder.alias
    if !alias.isEmpty { return [alias] }
    let written = Set(session.writtenFiles)
    return session.saved.enabledBuilders.map(\.alias).filter {
      written.contains("remote-\($0).nix")
    }
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
    guard let index = menu.handle(input), choices.indices.contains(index) else { return .ignored }
    switch choices[index] {
    case .applyForPractice:
      isApplying = true
      failure = nil
      return .effects([.applyForPractice(alias: appliedAlias(session))])
    case .apply(let target):
      session.applying = target
      return .move(.to(.applying))
    case .next: return .move(.next)
    case .later: return .move(.home)
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
    if !session.applied.isEmpty {
      let done = session.applied.map { StyledLine("✓ Applied \($0.place).", Theme.success) }
      lines = done + [StyledLine("")] + lines
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
