import Base
import Processes

/// What the installed Nix makes of the lines of a machines file. One that it cannot read makes it
/// ignore all of them.
public enum MachinesReading: Equatable, Sendable {
  /// It reads all of them.
  case read
  /// It refuses them, in its own words.
  case refused(String)
  /// It did not come to them: it is not installed, say.
  case unknown(String)

  /// Has Nix read lines. No builder is asked for anything: the one derivation that Nix is to build is
  /// for a system that nobody has, and lies in a store of its own that is deleted again.
  public static func of(_ lines: String) async -> MachinesReading {
    guard let directory = PrivateDirectory() else { return .unknown("/tmp: \(lastError())") }
    let store = "\(directory.path)/store"
    let reading: MachinesReading
    if let file = directory.write(lines, to: "machines"),
      let derivation = directory.write(Self.derivation, to: "reading.nix")
    {
      let command = Command(
        [
          "nix", "--extra-experimental-features", "nix-command", "build", "--no-link",
          "--option", "substitute", "false", "--option", "build-users-group", "",
          "--store", store, "--file", derivation, "--max-jobs", "0", "--builders", "@\(file)",
        ], environment: ["NIX_REMOTE": nil, "NIX_CONFIG": nil], timeLimit: TimeLimits.local,
        outputLimit: .answer)
      reading = MachinesReading(await command.run())
    } else {
      reading = .unknown("\(directory.path): \(lastError())")
    }
    _ = await Command(["rm", "-rf", "--", store], timeLimit: TimeLimits.local).run()
    directory.remove()
    return reading
  }

  private static let derivation = """
    derivation {
      name = "reading";
      system = "nix-builders-none";
      builder = "/bin/sh";
    }

    """

  /// By what Nix says: of lines that it has read it tells that none of them will do.
  init(_ result: Command.Result) {
    let said = withoutColour(result.error).unicodeScalars.lines
    let mark = "bad machine specification: "
    if let line = said.first(where: { $0.hasPrefix("error: \(mark)") }) {
      self = .refused(String(line.dropFirst("error: \(mark)".unicodeScalars.count)))
    } else if said.contains(where: { $0.hasPrefix("Failed to find a machine for remote build") }) {
      self = .read
    } else {
      switch result.ending {
      case .missing: self = .unknown("nix is not installed here")
      case .timedOut: self = .unknown("nix did not end")
      default:
        let error = said.first { $0.hasPrefix("error:") } ?? said.last
        self = .unknown(error.map { String($0) } ?? "nix said nothing")
      }
    }
  }
}
