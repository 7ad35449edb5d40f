import Interface
import Terminal

/// Screen 14: what is proven, what is not, what to do next.
struct SummaryScreen: Screen {
  private var menu = Menu([])
  private var choices: [Choice] = []

  private enum Choice {
    case next(Summary.NextStep)
    case list
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding(.accept, "choose"), KeyBinding(.copy, "copy the command"),
      KeyBinding("↑↓", "move", isShown: false), KeyBinding(.quit, "quit"),
      KeyBinding(.back, "back"), KeyBinding(.help, "help"),
    ]
  }

  func help(_ session: Session) -> String {
    """
    Builds means: all that it claims was seen in this session, with exactly these answers, as this \
    machine has it installed. Would build means the same by what was written, before it is \
    installed here.
    """
  }

  mutating func open(_ session: inout Session) -> [Effect] {
    var offered: [(Choice, String)] = []
    let next = Summary(session).nextStep
    if let next { offered.append((.next(next), title(of: next, session))) }
    offered.append((.list, "To the builder list"))
    choices = offered.map(\.0)
    menu = Menu(offered.map { Menu.Item(title: $0.1) })
    return []
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    switch input {
    case .key(.escape): return .move(.back)
    case Shortcut.quit: return .effects([.quit])
    case Shortcut.copy:
      return Summary(session).command.map { .effects([.copy($0)]) } ?? .none
    default: break
    }
    guard let index = menu.handle(input), choices.indices.contains(index) else { return .ignored }
    switch choices[index] {
    case .list: return .move(.home)
    case .next(.write): return .move(.to(.review))
    case .next(.test): return .move(.to(.connection))
    case .next(.apply(let target)): return .move(session.goToApply(target))
    }
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let summary = Summary(session)
    var rest = drawHeading(summary.heading, on: &canvas, in: area.inset(columns: 2))
    let lines = summary.lines.wrapped(to: rest.columns)
    lines.draw(on: &canvas, in: rest.takeTop(max(0, min(lines.count, rest.rows - menu.rows - 1))))
    _ = rest.takeTop(1)
    menu.draw(on: &canvas, in: rest)
  }

  /// What is chosen to do the next step.
  private func title(of step: Summary.NextStep, _ session: Session) -> String {
    switch step {
    case .write: "Write the files"
    case .apply(.here): "Apply it here"
    case .apply(.there(let alias)):
      session.isCaredForByOthers(alias)
        ? "Look whether \(alias) knows the key now" : "Apply it on \(alias)"
    case .test: "Test it"
    }
  }
}
