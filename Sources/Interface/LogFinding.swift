import Terminal

extension LogPane {
  static let errorPattern = LogPattern("error:")

  /// Looks on through the log, and goes where somebody waits to go.
  mutating func look(_ view: View) {
    owners?.advance(in: store, lines: Self.lineBudget)
    filter?.advance(in: store, budget: Self.budget)
    search?.scan.advance(in: store, budget: Self.budget)
    errors?.scan.advance(in: store, budget: Self.budget)
    fulfil(view)
  }

  private mutating func fulfil(_ view: View) {
    let shown = shownLines
    if let outcome = search?.wish == nil ? nil : search?.fulfil(in: store, filter: shown),
      let pattern = search?.scan.pattern
    {
      go(outcome, pattern, nothing: nil, view)
    }
    if let outcome = errors?.wish == nil ? nil : errors?.fulfil(in: store, filter: shown) {
      go(outcome, Self.errorPattern, nothing: "no error found", view)
    }
  }

  private mutating func go(
    _ outcome: LogSearch.Outcome, _ pattern: LogPattern, nothing: String?, _ view: View
  ) {
    switch outcome {
    case .found(let line, let isRound):
      if isRound { notice = "on from the other end" }
      reveal(line, pattern, view)
    case .nothing: notice = nothing
    case .notYet: break
    }
  }

  /// The line from which one goes on: the one that was gone to while it is in view, otherwise the
  /// first in view; and whether it is itself one that was gone to.
  private func place(_ view: View) -> (line: Int, isCurrent: Bool) {
    guard let lines = linesInView(view) else { return (0, false) }
    if let current, lines.contains(current) { return (current, true) }
    return (lines.lowerBound, false)
  }

  private func wish(isForward: Bool, _ view: View) -> LogSearch.Wish {
    let (line, isCurrent) = place(view)
    if isForward { return LogSearch.Wish(line: isCurrent ? line + 1 : line) }
    return LogSearch.Wish(line: line - 1, isForward: false)
  }

  mutating func goToMatch(isForward: Bool, _ view: View) {
    guard search != nil else { return open(LogPrompt(.search)) }
    let wish = wish(isForward: isForward, view)
    search?.wish = wish
    fulfil(view)
  }

  mutating func goToError(isForward: Bool, _ view: View) {
    let wish = wish(isForward: isForward, view)
    if errors == nil {
      let scan = LogScan(Self.errorPattern, from: place(view).line, in: store)
      errors = LogSearch(scan: scan, includesMarks: true)
    }
    errors?.wish = wish
    look(view)
  }

  // MARK: - The prompt

  mutating func open(_ prompt: LogPrompt) {
    origin = Origin(
      isFollowing: isFollowing, top: top, left: left, current: current, search: search,
      filter: filter)
    self.prompt = prompt
  }

  private mutating func close() {
    prompt = nil
    origin = nil
  }

  mutating func leavePrompt() {
    restore()
    close()
  }

  mutating func acceptPrompt(_ view: View) -> Event? {
    guard let prompt else { return nil }
    defer { close() }
    let text = prompt.field.text
    if prompt.purpose == .save, !text.isEmpty { return .save(path: text) }
    // As in less: without a text, the last search goes on.
    if prompt.purpose == .search, text.isEmpty {
      restore()
      if search != nil { goToMatch(isForward: true, view) }
    }
    return nil
  }

  mutating func handlePrompt(_ key: Key, _ view: View) -> Event? {
    switch key {
    case .up, .down, .pageUp, .pageDown:
      // One may look around while typing.
      let rows = key == .up || key == .down ? 1 : view.page
      scroll(by: key == .up || key == .pageUp ? -rows : rows, view)
      return nil
    default: return edit(.key(key), view)
    }
  }

  /// Gives a key or a paste to the prompt.
  mutating func edit(_ input: Input, _ view: View) -> Event? {
    guard let before = prompt?.field.text, prompt?.field.handle(input) == true else {
      return .unused
    }
    if prompt?.field.text != before { promptHasChanged(view) }
    return nil
  }

  /// Searches or filters for what stands in the prompt by now.
  private mutating func promptHasChanged(_ view: View) {
    guard let prompt, prompt.purpose != .save else { return }
    restore()
    let line = firstLineInView(view)
    switch prompt.purpose {
    case .search:
      search = nil
      current = nil
      if !prompt.field.text.isEmpty {
        let scan = LogScan(LogPattern(prompt.field.text), from: line, in: store)
        search = LogSearch(scan: scan, wish: LogSearch.Wish(line: line))
      }
    case .filter:
      filter =
        prompt.field.text.isEmpty
        ? nil : LogScan(LogPattern(prompt.field.text), from: line, in: store)
    case .save: break
    }
    look(view)
  }

  private mutating func restore() {
    guard let origin else { return }
    isFollowing = origin.isFollowing
    top = origin.top
    left = origin.left
    current = origin.current
    search = origin.search
    filter = origin.filter
  }
}
