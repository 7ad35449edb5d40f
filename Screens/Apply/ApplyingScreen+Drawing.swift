import Checks
import Fragments
import Interface
import Terminal

extension ApplyingScreen {
  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    switch phase {
    case .asking: drawForm(on: &canvas, in: area, session)
    case .showing, .deciding: drawChoice(on: &canvas, in: area, session)
    case .running: drawRun(on: &canvas, in: area, session)
    case .byHand:
      let rest = drawHeading(
        "There is no nixos-rebuild \(target.place): it does not run NixOS", byHandPurpose,
        on: &canvas, in: area.inset(columns: 2))
      byHandText.draw(on: &canvas, in: rest)
    }
  }

  /// What is said above what is to be done by hand.
  var byHandPurpose: String {
    "Nothing was changed there. What its fragment says is this, to be done as root; then go on."
  }

  private func drawForm(on canvas: inout Canvas, in area: Area, _ session: Session) {
    guard let form else { return }
    var rest = drawHeading(
      "Who may change the configuration of \(target.name)?",
      "So that its fragment is copied there and nixos-rebuild switch runs. You see the commands "
        + "first.", on: &canvas, in: area.inset(columns: 2))
    form.draw(on: &canvas, in: rest.takeTop(min(form.rows(for: rest.columns), rest.rows)))
    var lines: [StyledLine] = []
    if let problem = form.problem {
      lines += [
        StyledLine(""),
        StyledLine("✗ \(problem.title): \(problem.message)", Theme.failure, hang: 2),
      ]
    }
    lines += hint(session)
    lines.wrapped(to: rest.columns - 1).draw(on: &canvas, in: rest)
  }

  private func hint(_ session: Session) -> [StyledLine] {
    guard let hint = session.practiceLogin, target != .here else { return [] }
    return [StyledLine(""), StyledLine("Practice: \(hint)", Theme.muted, hang: 10)]
  }

  // MARK: - Commands

  /// The commands that are still to come, each below what it is for.
  private var commandLines: [StyledLine] {
    guard let plan = shownPlan else { return [] }
    return shownSteps.flatMap { step in
      [
        StyledLine(step.purpose(for: plan), Theme.muted),
        StyledLine("  \(plan.command(step).text)", hang: 4),
      ]
    }
  }

  /// What is shown above the choice.
  private func text(_ session: Session) -> (heading: String, lines: [StyledLine]) {
    if phase == .deciding { return decision }
    var lines = commandLines
    if plan?.login?.hostKey != nil {
      lines.append(
        StyledLine(
          "Besides, ssh gets the place of that connection, and the host key that you accepted.",
          Theme.muted))
    } else if plan?.login != nil {
      lines.append(StyledLine("Besides, ssh gets the place of that connection.", Theme.muted))
    }
    return ("What will be done \(target.place)", lines + hint(session))
  }

  private var decision: (heading: String, lines: [StyledLine]) {
    guard let plan = shownPlan else { return ("", []) }
    let file = plan.configurationFile
    var lines: [StyledLine] = []
    switch plan.found?.standing(of: plan.importedPath) {
    case .addable(let addition)?:
      lines = Self.diff(plan.found?.configuration ?? "", addition.result)
    case .unclear?:
      let reason =
        plan.found?.configuration == nil
        ? "There is no \(file). A module of the configuration needs:"
        : "Its list of imports is for you to change. It needs:"
      lines = [StyledLine(reason), StyledLine("  imports = [ \(plan.importedPath) ];")]
    case .present?, nil:
      return ("The commands are others than you have seen", commandLines)
    }
    return (
      "\(file) \(target.place) does not import it yet", lines + [StyledLine("")] + commandLines
    )
  }

  /// Where the text goes, of what is left below its heading.
  private func room(in rest: Area) -> Int { max(0, rest.rows - menu.rows - 1) }

  /// How many lines of the text do not fit.
  func hiddenLines(in area: Area, _ session: Session) -> Int {
    var canvas = Canvas(size: Size(columns: area.endColumn, rows: area.endRow))
    let rest = drawHeading("", on: &canvas, in: area.inset(columns: 2))
    return max(0, text(session).lines.wrapped(to: rest.columns).count - room(in: rest))
  }

  private func drawChoice(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let (heading, lines) = text(session)
    var rest = drawHeading(heading, on: &canvas, in: area.inset(columns: 2))
    let all = lines.wrapped(to: rest.columns)
    let room = room(in: rest)
    let wrapped = Array(all.dropFirst(min(scrolled, max(0, all.count - room))))
    let place = rest.takeTop(min(wrapped.count, room))
    wrapped.draw(on: &canvas, in: place)
    if wrapped.count > place.rows {
      let more = "⋮ PgDn"
      canvas.write(
        more, at: Position(column: place.endColumn - more.count, row: place.endRow - 1),
        Theme.accent)
    }
    _ = rest.takeTop(1)
    menu.draw(on: &canvas, in: rest)
  }

  private static func diff(_ old: String, _ new: String) -> [StyledLine] {
    Diff(from: old, to: new).hunks(context: 2).flatMap(\.lines).map { line in
      switch line.change {
      case .same: StyledLine("    \(line.text)", Theme.muted)
      case .added: StyledLine("  + \(line.text)", Theme.success)
      case .removed: StyledLine("  − \(line.text)", Theme.failure)
      }
    }
  }

  // MARK: - Running

  func split(_ area: Area) -> LogSplit {
    LogSplit(
      area, columns: 18, rows: run?.plan.steps.count ?? 0,
      lowerRows: min(lowerLines.wrapped(to: area.columns - 4).count + 1, 8))
  }

  private var lowerLines: [StyledLine] {
    if answer != nil { return [StyledLine("Answer")] }
    if !note.isEmpty { return [StyledLine(note)] }
    guard let run, !run.isRunning else { return [] }
    if run.isDone {
      return [StyledLine("✓ Applied \(target.place).", Theme.success)]
    }
    guard let step = run.failedStep, let failure = run.states[step]?.failure else { return [] }
    var lines = [StyledLine("✗ \(step.title): \(failure).", Theme.failure, hang: 2)]
    if [.connect, .look, .copy].contains(step) {
      lines.append(StyledLine("Nothing was changed in the configuration.", hang: 2))
    }
    return lines
  }

  private func drawRun(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let lower = split(area).draw(
      run?.rows(now: session.now) ?? [], pane, on: &canvas, frame: session.frame)
    if let answer {
      answer.drawAsAnswer(on: &canvas, in: lower.inset(columns: 2))
      return
    }
    lowerLines.wrapped(to: lower.columns - 4).draw(on: &canvas, in: lower.inset(columns: 2))
  }
}
