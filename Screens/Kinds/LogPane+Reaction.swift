import Interface
import Terminal

extension LogPane {
  /// Takes an input.
  ///
  /// - Parameter area: where the log is drawn.
  /// - Returns: what is to happen next; `nil` when the log has no use for the input.
  mutating func react(to input: Input, in area: Area) -> Reaction? {
    let isAsking = isPrompting
    switch handle(input, rows: area.rows, columns: area.columns) {
    case .copy(let text)?: return .effects([.copy(text)])
    case .save(let path)?: return .effects([.save(path: path, log: store.snapshot())])
    case .unused?: return isAsking ? Reaction.none : nil
    case nil: return Reaction.none
    }
  }

  /// What is said when a log was saved to a file, or was not.
  static func note(savedTo path: String, problem: String?) -> String {
    problem.map { "✗ \($0)" } ?? "✓ saved to \(path)"
  }
}
