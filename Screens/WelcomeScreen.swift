import Checks
import Features
import Interface
import Terminal

/// Screen 1 while there is no builder: what will happen, and what this machine lacks.
struct WelcomeScreen: ActingScreen {
  private var menu = Menu([])
  private var choices: [Choice] = []

  private enum Choice {
    case setUp
    case importing
    case restartAsRoot
    case quit
  }

  func title(_ session: Session) -> String { "nix-builders" }

  func trailing(_ session: Session) -> String? {
    session.isPractice ? "practice" : "no builders yet"
  }

  /// What can be done here beside what is chosen from.
  enum Action { case quit }

  func keys(_ session: Session) -> [Binding<Action>] { [Binding(.quit, "quit", .quit)] }

  func mainHints(_ session: Session) -> [KeyBinding] {
    [KeyBinding(.accept, "choose")] + Motion.hints("move")
  }

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction { .move(.leave) }

  func help(_ session: Session) -> String {
    """
    You need root on this machine, since it is Nix's daemon that logs in, and some way to change \
    the builder's configuration. The program asks screen by screen, tries each answer against \
    the real machine, and writes two NixOS fragments to \(session.directory).
    """
  }

  mutating func open(_ session: inout Session) -> [Effect] {
    offer(session)
    return [.inspectMachine]
  }

  private mutating func offer(_ session: Session) {
    var offered: [(Choice, Menu.Item)] = []
    let begin =
      session.isPractice
      ? Menu.Item(title: "Set up the second machine", detail: "a real one, made on this computer")
      : Menu.Item(title: session.hasDraft ? "Go on with \(session.name)" : "Add a builder")
    if let machine = session.machine, !machine.isRoot {
      offered.append(
        (
          .restartAsRoot, Menu.Item(title: "Start again as root", detail: "with sudo")
        ))
    }
    offered.append((.setUp, begin))
    let installed = session.machine?.installedBuilders ?? 0
    offered.append(
      (
        .importing,
        Menu.Item(
          title: "Import builders",
          detail: installed == 0 ? "" : "/etc/nix/machines has \(installed)")
      ))
    offered.append((.quit, Menu.Item(title: "Quit")))
    choices = offered.map(\.0)
    let selected = min(menu.selected, offered.count - 1)
    menu = Menu(offered.map(\.1))
    menu.selected = selected
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    if case .machine = message { offer(session) }
    return .none
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard let index = menu.handle(input), choices.indices.contains(index) else { return .ignored }
    switch choices[index] {
    case .setUp: return .move(.setUp)
    case .importing: return .move(.to(.importing))
    case .quit: return .move(.leave)
    case .restartAsRoot:
      session.parting = .restartAsRoot
      return .move(.leave)
    }
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let heading =
      session.isPractice
      ? "Let a second machine build for this one." : "Let another machine build for this one."
    var rest = drawHeading(heading, on: &canvas, in: area.inset(columns: 2))
    let need =
      session.isPractice
      ? "nothing: both machines are made of namespaces on this computer, and go when you quit"
      : "a machine with Nix that you can reach over ssh"
    let lines = [
      StyledLine("You need     \(need)", hang: 13),
      StyledLine(
        "You get      two NixOS fragments, one for each machine, and the proof that builds run "
          + "over there. Nothing is changed before you have seen it.", hang: 13),
      StyledLine(""), StyledLine("This machine", Theme.strong),
    ]
    let wrapped = (lines + machineLines(session)).wrapped(to: rest.columns)
    wrapped.draw(on: &canvas, in: rest.takeTop(min(wrapped.count, rest.rows - menu.rows - 1)))
    _ = rest.takeTop(1)
    menu.draw(on: &canvas, in: rest)
  }

  private func machineLines(_ session: Session) -> [StyledLine] {
    guard let machine = session.machine else {
      return [StyledLine("  looking…", Theme.muted)]
    }
    func tool(_ name: String, _ version: String?) -> StyledLine {
      version.map { StyledLine("  ✓ \(name) \($0)", Theme.success) }
        ?? StyledLine("  ✗ \(name) is not installed", Theme.failure)
    }
    var lines = [tool("Nix", machine.nixVersion), tool("OpenSSH", machine.sshVersion)]
    for name in machine.missingTools where name != "nix" && name != "ssh" {
      lines.append(StyledLine("  ✗ \(name) is missing", Theme.failure))
    }
    lines.append(
      machine.isRoot
        ? StyledLine("  ✓ running as root", Theme.success)
        : StyledLine(
          "  ○ not root: logins and builds cannot be tested, and a key under /root cannot be "
            + "made. Answering and writing work.", Theme.warning, hang: 4))
    if !machine.hasBuilders {
      lines.append(
        StyledLine("  ○ Nix has no builders here yet: the fragment adds them", Theme.plain))
    }
    return lines
  }
}
