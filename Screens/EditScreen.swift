import Builders
import Interface
import Terminal

/// What of a builder is to be edited: each part of the wizard, with what it says now.
struct EditScreen: ActingScreen {
  private var menu = Menu([])
  /// What follows from the changes so far on both machines.
  private var consequences: [Consequence] = []

  private static let parts: [(Step, String)] = [
    (.address, "Address"), (.reach, "Host key"), (.access, "Access"),
    (.capabilities, "Capabilities"), (.account, "Account"),
    (.options, "Options of ssh and store"), (.local, "This machine"),
    (.administrator, "What it says"), (.connection, "Test the connection"),
    (.review, "Review and write"),
  ]

  /// What can be done here beside what is chosen from.
  enum Action { case leave }

  func keys(_ session: Session) -> [Binding<Action>] { [Binding(.back, "builder list", .leave)] }

  func mainHints(_ session: Session) -> [KeyBinding] {
    [KeyBinding(.accept, "open")] + Motion.hints("move")
  }

  mutating func perform(
    _ action: Action, in area: Area, _ session: inout Session
  ) -> Reaction { .move(.home) }

  func help(_ session: Session) -> String {
    """
    Each part opens the same screen as in the wizard, and what changed is put to the test. \
    Nothing is written before the review.
    """
  }

  mutating func open(_ session: inout Session) -> [Effect] {
    let builder = session.draft.builder
    let details: [Step: String] = [
      .address: builder.place, .options: builder.optionsText,
      .reach: builder.hostKey == nil ? "none is accepted yet" : "compare, and accept a new one",
      .administrator: session.said.facts?.system.name ?? "log in, and ask",
      .access: "\(builder.user), \(builder.keyPath)",
      .capabilities: builder.systems.joined(separator: " "),
      .account: builder.account.create ? "made by the fragment" : "exists already",
      .local: session.draft.local.distributedBuilds ? "uses its builders" : "ignores its builders",
      .review: session.hasUnsavedAnswers ? "there are changes" : "no changes",
    ]
    consequences = Consequence.all(ofChanging: session.begun.builder, to: builder)
    let selected = menu.selected
    menu = Menu(
      Self.parts.map { step, title in
        Menu.Item(title: title, detail: details[step] ?? "")
      })
    menu.selected = selected
    return []
  }

  mutating func take(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    guard let choice = menu.handle(input) else { return .ignored }
    return .move(.to(Self.parts[choice].0))
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let rest = drawHeading(
      "What of \(session.name) is to change?", on: &canvas, in: area.inset(columns: 2))
    var below = rest
    menu.draw(on: &canvas, in: below.takeTop(min(menu.rows, below.rows)))
    guard !consequences.isEmpty else { return }
    _ = below.takeTop(1)
    let lines = consequences.map { StyledLine($0.text, Theme.warning, hang: 2) }
    lines.wrapped(to: below.columns).draw(on: &canvas, in: below)
  }
}

extension Builder {
  /// The names of the options that it has.
  fileprivate var optionsText: String {
    optionNames.isEmpty ? "as usual" : optionNames.joined(separator: " ")
  }
}
