import Builders
import Fragments

/// What a fragment says, by Nix's own evaluation.
enum FragmentEvaluation {
  /// Evaluates a file on a machine.
  ///
  /// - Parameter expression: a function of `file`.
  static func run(
    _ file: String, on machine: Machine, by expression: String = FragmentExpression.text
  ) async throws(PracticeError) -> Option {
    let command = machine.command([
      "nix-instantiate", "--eval", "--strict", "--json", "--argstr", "file", file, "-E",
      expression,
    ])
    let result = await command.run()
    guard result.succeeded else { throw .notEvaluated(file: file, reason: result.reason) }
    guard let value = JSONValue(text: result.output) else {
      throw .notEvaluated(file: file, reason: "Nix printed no JSON.")
    }
    return Option(name: "", value: value)
  }
}
