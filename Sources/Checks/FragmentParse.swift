/// Whether the installed Nix can read a fragment.
public enum FragmentParse {
  /// Parses the text of a Nix file with `nix-instantiate --parse`.
  ///
  /// - Returns: `nil` when it parses, otherwise what Nix said.
  public static func problem(in text: String) async -> String? {
    // Parsing needs no store; the one that does nothing also works where there is no /nix.
    let command = Command(
      ["nix-instantiate", "--store", "dummy://", "--parse", "-"], input: Array(text.utf8),
      timeLimit: TimeLimits.local)
    let result = await command.run()
    switch result.ending {
    case .exited(0): return nil
    case .missing: return "nix-instantiate is missing here, so nothing could be parsed."
    case .timedOut: return "nix-instantiate did not end."
    case .notStarted(let reason): return reason
    case .cancelled: return "cancelled"
    case .exited, .signalled:
      return withoutColour(result.error).trimmingSuffix { $0.isWhitespace }
    }
  }
}

extension String {
  func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var rest = self[...]
    while let last = rest.last, predicate(last) { rest.removeLast() }
    return String(rest)
  }
}
