import Builders
import Fragments
import Interface
import Terminal

/// Screen 11: what was written, and how it gets into both machines' configuration.
struct ApplyScreen: Screen {
  private var content = TextAboveMenu()
  private var choices: [Choice] = []
  private var isApplying = false
  private var applied: [String]?
  private var failure: String?

  private enum Choice {
    case applyForPractice, apply(ApplyTarget), handOver(String), next, later
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding(.accept, "choose"), KeyBinding("↑↓", "move"), TextAboveMenu.scrolling,
      KeyBinding(.copy, "copy the commands"), KeyBinding(.back, "back"), KeyBinding(.help, "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    The program applies the fragments with the commands that you would type, and shows each first. \
    The builder comes first: this machine is not to use one that does not know it yet. Each fragment \
    is imported once; when you change a builder later, only nixos-rebuild is left to do. Before they \
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
    let targets = session.targetsToApply
    if session.isPractice, applied == nil, session.applied.isEmpty {
      offered.append((.applyForPractice, "Apply them on both machines, as NixOS would"))
    }
    if let first = targets.first {
      offered.append(way(to: first, before: targets.dropFirst(), session))
    }
    let inBrowsing = session.flow == .browse
    // Where all builders were written together, the list is where they are tested.
    offered.append((.next, inBrowsing ? "Back to the builder list" : "Test the connection"))
    for alias in aliases(session) {
      if session.isCaredForByOthers(alias) || targets.first != .there(alias) {
        offered.append((.apply(.there(alias)), "Apply it on \(alias)"))
      }
      if !session.isCaredForByOthers(alias) {
        offered.append((.handOver(alias), "Somebody else looks after \(alias): hand it over"))
      }
    }
    if targets.first != .here { offered.append((.apply(.here), "Apply it here")) }
    if !inBrowsing, !session.isPractice {
      offered.append((.later, "Later: back to the builder list"))
    }
    choices = offered.map(\.0)
    content.menu = Menu(offered.map { Menu.Item(title: $0.1) })
    content.show(lines(session))
  }

  /// How one begins to apply what was written.
  private func way(
    to target: ApplyTarget, before rest: ArraySlice<ApplyTarget>, _ session: Session
  ) -> (Choice, String) {
    if case .there(let alias) = target, session.isCaredForByOthers(alias) {
      return (.handOver(alias), "Hand over what \(alias) needs")
    }
    let others = rest.count > 2 ? ["on \(rest.count - 1) more", "here"] : rest.map(\.place)
    let places = ([target.place] + others).joined(separator: ", then ")
    return (.apply(target), "Apply \(rest.isEmpty ? "it" : "them") \(places)")
  }

  /// The builders whose fragments can be applied: the one that the forms are about, or those that
  /// were written.
  private func aliases(_ session: Session) -> [String] {
    let alias = session.draft.builder.alias
    if !alias.isEmpty { return [alias] }
    return session.saved.enabledBuilders.map(\.alias).filter {
      session.writtenFiles.contains("remote-\($0).nix")
    }
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch message {
    case .applied(.success(let lines)):
      isApplying = false
      applied = lines
      failure = nil
      session.noteApplied(.there(appliedAlias(session)))
      session.noteApplied(.here)
      offer(session)
    case .applied(.failure(let error)):
      isApplying = false
      failure = error.reason
      offer(session)
    case .repository: content.show(lines(session))
    default: break
    }
    return .none
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if isApplying { return .ignored }
    switch input {
    case .key(.escape): return .move(.back)
    case Shortcut.copy:
      return .effects([.copy(instructions(session).commands)])
    default: break
    }
    guard let index = content.handle(input, in: areaBelowHeading(in: area.inset(columns: 2))),
      choices.indices.contains(index)
    else { return .ignored }
    switch choices[index] {
    case .applyForPractice:
      isApplying = true
      failure = nil
      content.show(lines(session))
      return .effects([.applyForPractice(alias: appliedAlias(session))])
    case .apply(let target):
      session.applying = target
      return .move(.to(.applying))
    case .handOver(let alias):
      session.noteCaredForByOthers(alias)
      return .move(session.goToApply(.there(alias)))
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
      builders: aliases(session).compactMap(session.saved.builder))
  }

  // MARK: - Drawing

  private func lines(_ session: Session) -> [StyledLine] {
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
          "On real machines the program would log in and run nixos-rebuild switch on both. Here it "
            + "can also make at once what they would make of the files, with Nix."),
      ]
    } else {
      lines = [StyledLine("By hand it would be:", Theme.muted)] + instructions(session).lines
    }
    if !session.applied.isEmpty {
      let done = session.applied.map { StyledLine("✓ Applied \($0.place).", Theme.success) }
      lines = done + [StyledLine("")] + lines
    }
    if isApplying { lines += [StyledLine(""), StyledLine("Applying…", Theme.muted)] }
    if let failure {
      lines += [StyledLine(""), StyledLine("✗ \(failure)", Theme.failure, hang: 2)]
    }
    return lines
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let heading = session.writtenFiles.isEmpty ? "Everything was written before." : "Written."
    let rest = drawHeading(heading, on: &canvas, in: area.inset(columns: 2))
    content.draw(on: &canvas, in: rest)
  }
}
