import Base
import Processes

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
    return problem(of: await command.run())
  }

  /// Parses many texts, in few calls of Nix.
  ///
  /// - Returns: for each `nil` when it parses, otherwise what Nix said.
  public static func problems(in texts: [String]) async -> [String?] {
    let size = 250
    let batches = stride(from: 0, to: texts.count, by: size).map {
      Array(texts[$0..<min($0 + size, texts.count)])
    }
    return await runSideBySide(batches, atOnce: 2) { batch -> [String?] in
      if batch.count > 1, await parse(batch) { return batch.map { _ in nil } }
      // One at a time it is told which of them is broken.
      return await runSideBySide(batch, atOnce: 4) { await problem(in: $0) }
    }.flatMap(\.self)
  }

  /// Whether all of these parse.
  private static func parse(_ texts: [String]) async -> Bool {
    guard let directory = PrivateDirectory() else { return false }
    defer { directory.remove() }
    let files = texts.enumerated().compactMap { index, text in
      directory.write(text, to: "\(index).nix")
    }
    guard files.count == texts.count else { return false }
    let command = Command(
      ["nix-instantiate", "--store", "dummy://", "--parse"] + files, timeLimit: TimeLimits.local)
    return await command.run().succeeded
  }

  private static func problem(of result: Command.Result) -> String? {
    switch result.ending {
    case .exited(0): return nil
    case .missing: return "nix-instantiate is missing here, so nothing could be parsed."
    case .timedOut: return "nix-instantiate did not end."
    case .notStarted(let reason): return reason
    case .cancelled: return "cancelled"
    case .exited, .signalled, .printedTooMuch:
      return withoutColour(result.error).trimmingSuffix(while: \.isBlankOrLineEnd)
    }
  }
}
