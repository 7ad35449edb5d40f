import Base
import Builders
import Fragments
import Nix
import Processes

/// What Nix makes of a fragment, without nixpkgs.
enum FragmentEvaluation {
  /// Why there is no value.
  struct Failure: Error, Equatable, Sendable {
    var reason: String
  }

  /// Evaluates the text of a fragment.
  static func value(of text: String) async -> Result<JSONValue, Failure> {
    guard let directory = PrivateDirectory() else {
      return .failure(Failure(reason: "/tmp: \(lastError())"))
    }
    defer { directory.remove() }
    guard let file = directory.write(text, to: "fragment.nix") else {
      return .failure(Failure(reason: "\(directory.path): \(lastError())"))
    }
    // Evaluating needs no store, and nothing can be built or fetched into the one that does nothing.
    let command = Command(
      [
        "nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json", "--argstr",
        "file", file, "-E", FragmentExpression.text,
      ], timeLimit: TimeLimits.evaluation, outputLimit: .inventory)
    let result = await command.run()
    switch result.ending {
    case .exited(0):
      if let value = JSONValue(text: result.output) { return .success(value) }
      return .failure(Failure(reason: "Nix printed no JSON."))
    case .missing: return .failure(Failure(reason: "nix-instantiate is not installed here."))
    case .printedTooMuch(let limit):
      return .failure(Failure(reason: "Its value is longer than \(limit)."))
    case .timedOut: return .failure(Failure(reason: "Nix did not end."))
    case .cancelled: return .failure(Failure(reason: "It was cancelled."))
    case .notStarted(let reason): return .failure(Failure(reason: reason))
    case .exited, .signalled:
      let reason = NixEvaluation.reason(in: result.error).unicodeScalars.replacing(
        "\(file):", with: "line ")
      return .failure(Failure(reason: reason))
    }
  }
}
