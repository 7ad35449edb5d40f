import Base
import Fragments

/// What is there of a NixOS configuration, as the machine that has it says.
public struct ConfigurationLook: Equatable, Sendable {
  /// The program that switches to a configuration; `nil` when there is none.
  public var rebuild: String?
  /// The names in the configuration's directory.
  public var files: [String]
  /// configuration.nix; `nil` when there is none.
  public var configuration: String?
  /// The file that the machine's configuration begins with, in full, where that was looked for;
  /// empty when none was found.
  public var place: String?

  /// Creates one, for tests.
  public init(rebuild: String?, files: [String] = [], configuration: String? = nil) {
    self.rebuild = rebuild
    self.files = files
    self.configuration = configuration
  }

  /// What is said where nothing can be switched to.
  public static let notNixOS = "there is no nixos-rebuild: it does not run NixOS"
  /// What is said where this machine's configuration is nowhere to be found.
  public static let noConfiguration =
    "no configuration was found: not beside the fragments, not by nixos-config in NIX_PATH, "
    + "not as /etc/nixos/configuration.nix or flake.nix"
  /// What is said where ``init(output:)`` cannot read what was printed.
  public static let unreadable = "what the shell there printed is not what it was asked"

  private static let mark = "@"

  /// What a shell on that machine is given. Nothing is changed by it, and root need not run it.
  static func script(directory: String) -> String {
    let place = Shell.quoted(directory)
    return [
      "command -v nixos-rebuild", "echo \(mark)files", "ls -A \(place)",
      "echo \(mark)configuration",
      "cat \(place)/configuration.nix",
    ].joined(separator: "; ")
  }

  /// The same where the configuration has to be found first.
  ///
  /// - Parameter directory: where it would be beside the fragments.
  static func searchingScript(directory: String) -> String {
    let beside = ["configuration.nix", "flake.nix"].map { Shell.quoted("\(directory)/\($0)") }
    let search = #"""
      for f in \#(beside[0]) \#(beside[1]) "$(nix-instantiate --find-file nixos-config 2>/dev/null)"       /etc/nixos/configuration.nix /etc/nixos/flake.nix; do       [ -d "$f" ] && f=$f/default.nix; [ -f "$f" ] && break; f=; done
      """#
    return [
      "command -v nixos-rebuild", search, "echo \(mark)place", #"echo "$f""#, "echo \(mark)files",
      #"[ -z "$f" ] || ls -A "${f%/*}""#, "echo \(mark)configuration",
      #"case $f in ''|*/flake.nix);; *) cat "$f";; esac"#,
    ].joined(separator: "; ")
  }

  /// Reads what the shell printed; `nil` when it is not that.
  public init?(output: String) {
    let lines = output.unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false
    ).strings
    guard let files = lines.firstIndex(of: "\(Self.mark)files"),
      let text = lines[files...].firstIndex(of: "\(Self.mark)configuration")
    else { return nil }
    // Before it there may be whatever a shell says when it starts.
    rebuild = lines[..<files].last { $0.unicodeScalars.hasSuffix("/nixos-rebuild") }
    self.files = Array(lines[(files + 1)..<text])
    if let mark = lines[..<files].lastIndex(of: "\(Self.mark)place"), mark + 1 < files {
      place = lines[mark + 1]
    }
    let name = place.map { $0.unicodeScalars.split(separator: "/").strings.last ?? "" }
    configuration =
      name != "flake.nix" && self.files.contains(name ?? "configuration.nix")
      ? lines[(text + 1)...].joined(separator: "\n") : nil
  }

  /// Why nothing can be applied with what was found; `nil` when something can.
  public var obstacle: String? {
    if rebuild == nil { return Self.notNixOS }
    return place?.isEmpty == true ? Self.noConfiguration : nil
  }

  /// Whether it is a flake.
  public var hasFlake: Bool { files.contains("flake.nix") }
  /// Whether it is a flake that git has to know the files of.
  public var isGitFlake: Bool { hasFlake && files.contains(".git") }

  /// Where configuration.nix stands to an import.
  ///
  /// A path with other characters than Nix takes in a path, such as a blank, is left to the person: it
  /// would have to be written in another way, and stand in a command for a shell.
  public func standing(of path: String) -> ImportsList.Standing {
    guard path.unicodeScalars.allSatisfy(Self.pathScalars.contains) else { return .unclear }
    return configuration.map { ImportsList.standing(of: path, in: $0) } ?? .unclear
  }

  private static let pathScalars = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/".unicodeScalars)
}
