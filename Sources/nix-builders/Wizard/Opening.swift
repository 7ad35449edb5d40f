import Base
import Builders
import Fragments
import Glibc
import Practice
import Screens
import Synchronization

/// What the wizard begins with: the inventory, and what is remembered beside it.
final class Opening: Sendable {
  let output: OutputDirectory
  /// Keeps what is remembered; `nil` when there is no place for it.
  let keeper: StateKeeper?
  /// Where the output directory is read and written: one after the other.
  let work = BlockingWork("output directory")
  /// What builders.json held when it was last read or written here.
  let known = Mutex(OutputDirectory.Previous.missing)

  /// A file of more bytes is read after the first picture.
  private static let longest = 1 << 20

  init(output: OutputDirectory) {
    self.output = output
    keeper = StateKeeper(output: output.path.string)
  }

  /// Whether reading takes longer than anybody would wait for a first picture.
  var isLong: Bool {
    var status = stat()
    let path = output.path.appending(Inventory.fileName).string
    return stat(path, &status) == 0 && status.st_size > Self.longest
  }

  /// Reads the inventory.
  func session() throws(OutputError) -> Screens.Session {
    // Whoever may not write there, or is not alone, sees what there is.
    let recovery = try? output.recover()
    let stored = try output.readStoredInventory()
    known.withLock { $0 = stored.map { .bytes($0.bytes) } ?? .missing }
    let practice = PracticeConnection.inherited()
    return Screens.Session(
      directory: output.path.string, inventory: stored?.inventory, isPractice: practice != nil,
      suggestion: practice?.suggestedBuilder,
      practiceLogin: practice?.administratorLogin,
      keepsPracticeFiles: practice?.keptFolder == output.path.string,
      ownCommand: OwnProgram.command(on: output), kept: keeper?.kept(base: stored?.bytes),
      otherWindow: keeper?.otherWindow, keepsAnswers: keeper?.keepsAnswers ?? false,
      recovery: recovery)
  }
}
