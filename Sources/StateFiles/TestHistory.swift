import Base
import FoundationEssentials

/// The last tests of each builder, one of each kind.
public struct TestHistory: Equatable, Sendable {
  private var builders: [String: [TestRecord]] = [:]

  /// Creates a history without any test.
  public init() {}

  /// The last tests of a builder, the newest first.
  public subscript(alias: String) -> [TestRecord] { builders[alias] ?? [] }

  /// The last test of a builder; `nil` when there was none.
  public func last(_ alias: String) -> TestRecord? { builders[alias]?.first }

  /// Adds a test, in the place of the one of its kind.
  ///
  /// - Returns: the test with the moment since when such tests have come out like this.
  @discardableResult
  public mutating func note(_ record: TestRecord, of alias: String) -> TestRecord {
    var record = record
    var records = builders[alias] ?? []
    if let before = records.first(where: { $0.kind == record.kind }),
      before.outcome == record.outcome, before.check == record.check,
      before.fingerprint == record.fingerprint
    {
      record.since = min(before.since, record.since)
    }
    records.removeAll { $0.kind == record.kind }
    records.append(record)
    builders[alias] = records.sorted { $0.at > $1.at }
    return record
  }
}

extension TestHistory {
  /// Adds what another history knows and this one does not, or only of an earlier time.
  public mutating func merge(_ other: TestHistory) {
    if builders.isEmpty {
      builders = other.builders
      return
    }
    for (alias, records) in other.builders where builders[alias] != records {
      for record in records {
        let own = builders[alias]?.first { $0.kind == record.kind }
        if own.map({ $0.at < record.at }) ?? true { note(record, of: alias) }
      }
    }
  }
}

// MARK: - On disk

extension TestHistory {
  private static let fileName = "tests.json"

  private struct File: Codable {
    var version = 1
    /// Which output directory it is about, for people.
    var directory: String
    var builders: [String: [TestRecord]]
  }

  /// Reads what is remembered; empty when there is nothing, or nothing that this version knows.
  public init(in directory: StateDirectory) {
    guard let bytes = PrivateFile.read(directory.file(Self.fileName)),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
    else { return }
    builders = file.builders
  }

  /// Adds tests to what is on disk. Another program may do so at the same moment, and is waited for,
  /// blocking the thread.
  ///
  /// - Returns: whether that worked.
  /// - Throws: who did not make way.
  @discardableResult
  public static func add(
    _ tests: [(alias: String, record: TestRecord)], in directory: StateDirectory,
    about output: String
  ) throws(FileLock.Failure) -> Bool {
    guard directory.make() else { return false }
    let lock = try FileLock(directory.file("tests.lock"), within: .seconds(10))
    defer { withExtendedLifetime(lock) {} }
    var history = TestHistory(in: directory)
    for test in tests { history.note(test.record, of: test.alias) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = File(directory: output, builders: history.builders)
    guard let data = try? encoder.encode(file) else { return false }
    return PrivateFile.write(Array(data) + [0x0A], to: directory.file(fileName))
  }
}
