import Builders
import FoundationEssentials
import Nix
import Processes

/// What the installed Nix makes of the values of modules.
struct ModuleEvaluation: Sendable {
  /// The files of the modules.
  var files: [String]

  /// Evaluates an attribute of ``ImportExpression``, such as `opened.0.machines`.
  func value(_ attribute: String) async throws(NixEvaluation.Failure) -> JSONValue {
    guard let encoded = try? JSONEncoder().encode(files) else {
      throw NixEvaluation.Failure(reason: "No text.")
    }
    // Evaluating needs no store; the one that does nothing also works where there is no /nix, and
    // nothing can be built or fetched into it.
    let command = Command(
      [
        "nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json",
        "--argstr", "files", String(decoding: encoded, as: UTF8.self), "-A", attribute, "-",
      ], input: Array(ImportExpression.text.utf8), timeLimit: TimeLimits.evaluation,
      outputLimit: .inventory)
    return try await NixEvaluation.value(printedBy: command)
  }
}
