import Builders
import FoundationEssentials

/// What a fragment says, by Nix's own evaluation.
enum FragmentEvaluation {
  /// Evaluates a module that imports nothing: an attribute set, or a function that needs nothing of
  /// what only a whole NixOS could give it.
  private static let expression = """
    { file }:
    let
      module = import (/. + file);
      needed = builtins.mapAttrs
        (name: _: throw "the fragment needs ${name}, which only a whole NixOS has")
        (if builtins.isFunction module then builtins.functionArgs module else { });
      # A path literal is meant as it is, not as a copy in the store.
      plain = value:
        if builtins.isPath value then toString value
        else if builtins.isList value then map plain value
        else if builtins.isAttrs value then builtins.mapAttrs (_: plain) value
        else value;
    in
    plain (if builtins.isFunction module then module needed else module)
    """

  /// Evaluates a file on a machine.
  static func run(_ file: String, on machine: Machine) async throws(PracticeError) -> Option {
    let command = machine.command([
      "nix-instantiate", "--eval", "--strict", "--json", "--argstr", "file", file, "-E", expression,
    ])
    let result = await command.run()
    guard result.succeeded else { throw .notEvaluated(file: file, reason: result.reason) }
    do {
      let value = try JSONDecoder().decode(JSONValue.self, from: Data(result.output.utf8))
      return Option(name: "", value: value)
    } catch {
      throw .notEvaluated(file: file, reason: "\(error)")
    }
  }
}
