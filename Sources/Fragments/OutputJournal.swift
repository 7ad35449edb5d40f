import Base
import FoundationEssentials
import Glibc

/// What a transaction is about to do, on disk from before the first file is replaced until the last
/// one is: whoever finds it there knows how to make the directory one again.
struct OutputJournal {
  /// While it has this name, the transaction is to be finished.
  static let fileName = ".nix-builders.journal"
  /// While it has this one, what was done of it is to be taken back.
  static let reverseName = ".nix-builders.journal.back"
  /// While it is being written.
  static let draftName = ".nix-builders.journal.new"

  private struct Content: Codable {
    var version = 1
    var steps: [OutputStep]
  }

  /// The bytes of the file.
  static func encode(_ steps: [OutputStep]) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings have a place in JSON, whatever they hold.
    return (try? encoder.encode(Content(steps: steps))).map { Array($0) + [0x0A] } ?? []
  }

  /// How an interrupted transaction is to end.
  enum Direction { case forward, back }

  /// Reads what an interrupted transaction has left; `nil` when there is nothing.
  static func read(
    in files: OutputFiles
  ) throws(OutputError) -> (direction: Direction, steps: [OutputStep])? {
    let names: [(String, Direction)] = [(reverseName, .back), (fileName, .forward)]
    for (name, direction) in names {
      guard let file = try files.read(name) else { continue }
      guard let content = try? JSONDecoder().decode(Content.self, from: Data(file.bytes)),
        content.version == 1, content.steps.allSatisfy({ staysInside($0.file, files) })
      else {
        throw .unreadable(
          path: files.shown(name),
          reason:
            "It says what an interrupted writing is to do, but not in a way that this version "
            + "understands. Finish it with the version that began it, or move it out of the way.")
      }
      return (direction, content.steps)
    }
    return nil
  }

  /// Whether a file lies in the directory. Whoever owns the directory may put a journal there, which
  /// must not lead anywhere else.
  private static func staysInside(_ file: String, _ files: OutputFiles) -> Bool {
    let parts = file.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if parts.contains(where: { ["", ".", ".."].contains(String($0)) }) { return false }
    let folder = OutputFiles.folder(of: files.location(of: file))
    return realPath(folder) == folder
  }

  /// Whether a transaction was interrupted, or goes on now.
  static func isThere(in files: OutputFiles) -> Bool {
    [fileName, reverseName].contains { access(files.location(of: $0), F_OK) == 0 }
  }
}
