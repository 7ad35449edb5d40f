import Interface

extension BuilderListScreen {
  func keys(_ session: Session) -> [Binding<Action>] {
    if let tests { return tests.keys(runs, session).map { $0.map(Action.tests) } }
    // A question has its own keys.
    if question != nil { return [] }
    if let prompt {
      let isFilter = prompt.purpose == .filter
      return [
        Binding(.accept, isFilter ? "keep the filter" : "stay there", .acceptPrompt),
        Binding(.back, isFilter ? "show all" : "leave it", .leavePrompt),
      ]
    }
    // What is urgent comes first, since the help line of a narrow window is short.
    return urgentKeys(session) + builderKeys(session) + findingKeys + selectedKeys(session)
      + otherKeys(session)
  }

  private func urgentKeys(_ session: Session) -> [Binding<Action>] {
    var keys: [Binding<Action>] = []
    if session.outside != nil { keys.append(Binding(.reload, "reload", .reload)) }
    if runs.isBusy {
      keys.append(Binding(.cancel, "cancel the tests", .cancelTests))
      keys.append(Binding(.watch, "watch them", .watch))
    }
    if session.history.canUndo { keys.append(Binding(.undo, "undo", .undo)) }
    if session.isChanged { keys.append(Binding(.write, "write", .write)) }
    if !rows.filter.isEmpty {
      keys.append(Binding(.back, "show all", .showAll))
    } else if !marks.isEmpty {
      keys.append(Binding(.back, "unmark all", .unmark))
    }
    return keys
  }

  /// Why nothing can be done with a builder; `nil` where there is one.
  private var none: String? {
    rows.place(at: table.selected) == nil ? "there is no builder here" : nil
  }

  /// The keys that are about the selected builder, or about those that are marked.
  private func builderKeys(_ session: Session) -> [Binding<Action>] {
    let marked = marks.count(in: session.inventory.builders, shown: marks.isEmpty ? [] : rows.shown)
    let whom = marked.shown == 0 ? "" : " \(marked.shown) marked"
    let copied =
      command(session) != nil
      ? "copy the command"
      : marked.shown > 0 ? "copy \(marked.shown) machines lines" : "copy its line"
    return [
      Binding(.add, "add", Action.add, isShown: marks.isEmpty),
      Binding(.edit, "edit", .edit, isShown: marks.isEmpty).off(none),
      Binding(.accept, "edit; so does a second press of the mouse", .edit, isShown: false)
        .off(none),
      Binding(.test, "test\(whom)", .test).off(none),
      Binding(.testAll, "test all", .testAll, isShown: marks.isEmpty),
      Binding(.toggle, "mark", .mark).off(none),
      Binding(.filter, "filter", .filter, isShown: marks.isEmpty),
      Binding(.build, whom.isEmpty ? "build" : "build on\(whom)", .build).off(none),
      Binding(.turn, "on/off\(whom)", .turn).off(none),
      Binding(.delete, "delete\(whom)", .delete, isShown: !marks.isEmpty).off(none),
      Binding(.apply, "apply\(whom)", .apply, isShown: !marks.isEmpty).off(
        none ?? obstacleToApplying(session)),
      Binding(.copy, copied, .copy, isShown: !marks.isEmpty).off(none),
      Binding(.markAll, "mark all shown, or none", .markAll, isShown: false).off(none),
    ]
  }

  private func obstacleToApplying(_ session: Session) -> String? {
    if session.isChanged { return "w writes what was changed first" }
    let builders = session.inventory.builders
    let isAnyOn = targets(session).contains { builders[$0].enabled }
    return isAnyOn ? nil : "what is off is not applied"
  }

  private var findingKeys: [Binding<Action>] {
    let unsought = sought.isEmpty ? "nothing was looked for" : nil
    return [
      Binding(.find, "find", .find, isShown: marks.isEmpty),
      Binding(.nextFound, "next that was found", .findNext, isShown: false, off: unsought),
      Binding(
        .previousFound, "previous that was found", .findPrevious, isShown: false, off: unsought),
      Binding(.sort, "sort", .sort, isShown: marks.isEmpty),
    ]
  }

  /// The keys that are about the selected builder alone.
  private func selectedKeys(_ session: Session) -> [Binding<Action>] {
    let unsorted =
      rows.isPlain
      ? nil : "Nix goes through them in their own order: leave sorting and filter first"
    return [
      Binding(.duplicate, "duplicate", Action.duplicate).off(none),
      Binding(.rename, "rename", .rename, isShown: false).off(none),
      Binding(.measure, "measure", .measure).off(none),
      Binding(
        .compareKey, "compare the host key, and accept a new one", .compareKey, isShown: false
      ).off(none),
      Binding(
        .compareKeys, "compare the host keys of all on one screen", .compareKeys, isShown: false),
      Binding(.printed, "what the last test printed", .showPrinted, isShown: false).off(none),
      Binding(.moveUp, "up in the order of Nix", .moveUp, isShown: false, off: unsorted).off(none),
      Binding(.moveDown, "down in the order of Nix", .moveDown, isShown: false, off: unsorted)
        .off(none),
    ]
  }

  private func otherKeys(_ session: Session) -> [Binding<Action>] {
    let shelved = session.shelved == nil ? "none was begun" : nil
    return [
      Binding(.write, "write", .write), Binding(.route, "where a build goes", .route),
      Binding(.importing, "import", .importing, isShown: false),
      Binding(
        .difference, "what differs: files, and what is installed", .differences, isShown: false),
      Binding(
        .undo, "undo", .undo, isShown: false,
        off: session.history.canUndo ? nil : "nothing was changed"),
      Binding(
        .redo, "make again what was undone", .redo, isShown: false,
        off: session.history.canRedo ? nil : "nothing was undone"),
      Binding(
        .watch, "watch tests side by side, connections or builds", .watch, isShown: false),
      Binding(
        .cancel, "cancel the tests", .cancelTests, isShown: false,
        off: runs.isBusy ? nil : "none runs"),
      Binding(
        .reload, "reload", .reload, isShown: false,
        off: session.outside == nil ? "builders.json is as it was read" : nil),
      Binding(
        .giveUp, "give up the builder that was begun", .giveUp, isShown: false, off: shelved),
      Binding(.quit, "quit", .quit, isShown: false),
    ]
  }

  func hints(_ session: Session) -> [KeyBinding] {
    if let tests { return tests.hints(runs, session) }
    return prompt == nil
      ? Motion.hints("move", isShown: false) : [KeyBinding("↑↓", "move")]
  }
}
