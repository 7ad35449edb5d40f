import Base
import Builders
import Processes

/// Evaluations by the installed Nix.
package enum NixEvaluation {
  /// Why there is no value.
  package struct Failure: Error, Equatable, Sendable {
    /// What Nix says, without the way it came to it.
    package var reason: String
    /// Whether Nix itself is missing.
    package var isMissing: Bool

    package init(reason: String, isMissing: Bool = false) {
      self.reason = reason
      self.isMissing = isMissing
    }
  }

  /// The JSON that an evaluation prints.
  package static func value(printedBy command: Command) async throws(Failure) -> JSONValue {
    let result = await command.run()
    switch result.ending {
    case .exited(0):
      if let value = JSONValue(text: result.output) {
        return value
      }
      throw Failure(reason: "Nix printed no JSON.")
    case .missing:
      throw Failure(reason: "\(command.words[0]) is not installed here.", isMissing: true)
    case .timedOut:
      let seconds = command.timeLimit?.components.seconds ?? 0
      throw Failure(reason: "Nix had not evaluated it after \(seconds) seconds.")
    case .printedTooMuch(let limit): throw Failure(reason: "Its value is longer than \(limit).")
    case .cancelled: throw Failure(reason: "It was cancelled.")
    case .notStarted(let reason): throw Failure(reason: reason)
    case .exited, .signalled: throw Failure(reason: Self.reason(in: result.error))
    }
  }

  /// What Nix says in the end, and where: of a whole trace, the last error and its position.
  package static func reason(in error: String) -> String {
    let lines = withoutColour(error).unicodeScalars.filledLines.map { $0.drop { $0 == " " } }
    let mark = "error:"
    guard
      let last = lines.lastIndex(where: { $0.hasPrefix(mark) && !$0.isExactly(mark) })
    else { return lines.first.map { String($0) } ?? "Nix did not say why." }
    let message = String(lines[last].dropFirst(mark.unicodeScalars.count).drop { $0 == " " })
    let position = lines[last...].first { $0.hasPrefix("at /") }
      .map { $0.dropFirst(3).prefix { $0 != " " } }
      .map { $0.last == ":" ? $0.dropLast() : $0 }
    return message + (position.map { ", at \($0)" } ?? "")
  }
}
