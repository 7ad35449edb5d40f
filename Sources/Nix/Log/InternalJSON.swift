import Base

/// The log format of Nix that this program understands best.
public enum InternalJSON {
  /// A command of Nix, asked to print it: no other format tells what goes on where. It has the lines
  /// of the builds anyway; the option -L, wherever it stands, would ask for another one again.
  public static func asking(_ words: [String]) -> [String] {
    guard let program = words.first?.unicodeScalars.split(separator: "/").strings.last,
      ["nix", "nix-build"].contains(program)
    else { return words }
    // From there on they are another program's.
    let end = words.firstIndex { ["--", "-c", "--command"].contains($0) } ?? words.endIndex
    let own = words[1..<end]
    if own.contains("--log-format") { return words }
    let asked = own.compactMap { program == "nix" ? withoutBuildLogs($0) : $0 }
    return [words[0], "--log-format", "internal-json"] + asked + words[end...]
  }

  /// - Returns: `nil` for an option that asks for nothing else.
  private static func withoutBuildLogs(_ word: String) -> String? {
    if word == "--print-build-logs" { return nil }
    // Several short options may stand in one word.
    let scalars = word.unicodeScalars
    guard scalars.first == "-", scalars.dropFirst().allSatisfy(\.isLetterOrDigit),
      scalars.contains("L")
    else { return word }
    let rest = String(scalars.filter { $0 != "L" })
    return rest == "-" ? nil : rest
  }
}
