import Builders

extension OutputDirectory {
  /// How a writing that was interrupted has ended in the end.
  public enum Recovery: Equatable, Sendable {
    /// All files are the new ones.
    case finished
    /// All files are the old ones.
    case takenBack

    /// The same in words.
    public var text: String {
      switch self {
      case .finished: "A writing that was interrupted here is finished: all files are the new ones."
      case .takenBack:
        "A writing that was interrupted here is taken back: all files are the old ones."
      }
    }
  }

  /// Whether a writer was stopped in the middle, or is at it right now.
  public var isInterrupted: Bool {
    guard let files = try? OutputFiles(at: path.string) else { return false }
    return OutputJournal.isThere(in: files)
  }

  /// Makes the directory one again where a writer was stopped in the middle. Every writing does it
  /// first; this is for whoever reads before writing.
  ///
  /// - Returns: `nil` when there was nothing to do.
  /// - Throws: any ``OutputError``
  public func recover() throws(OutputError) -> Recovery? {
    guard let files = try OutputFiles(at: path.string), OutputJournal.isThere(in: files) else {
      return nil
    }
    let lock = try DirectoryLock(files)
    defer { lock.release() }
    return try OutputTransaction.recover(files, isOurs: Self.isOurs)
  }
}
