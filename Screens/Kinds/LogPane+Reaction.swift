import Interface
import Terminal

extension LogPane {
  /// Takes an input.
  ///
  /// - Parameter area: where the log is drawn.
  /// - Returns: what is to happen next; `nil` when the log has no use for the input.
  mutating func react(to input: Input, in area: Area) -> Reaction? {
    let isAsking = isPrompting
    let event = handle(input, rows: area.rows, columns: area.columns)
    if event == .unused { return isAsking ? Reaction.none : nil }
    return reaction(to: event)
  }

  /// Performs an action.
  ///
  /// - Parameter area: where the log is drawn.
  mutating func react(to action: Action, in area: Area) -> Reaction {
    reaction(to: perform(action, rows: area.rows, columns: area.columns))
  }

  private func reaction(to event: Event?) -> Reaction {
    switch event {
    case .copy(let text)?: .effects([.copy(text)])
    case .save(let path)?: .effects([.save(path: path, log: store.snapshot())])
    case .unused?, nil: .none
    }
  }

  /// What is said when a log was saved to a file, or was not.
  static func note(savedTo path: String, problem: String?) -> String {
    problem.map { "✗ \($0)" } ?? "✓ saved to \(path)"
  }
}
