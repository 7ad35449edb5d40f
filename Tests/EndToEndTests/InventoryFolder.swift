import Builders
import Checks
import Fragments
import Glibc
import Processes
import TestSupport

/// A folder for the inventory of one test, and the program on it.
struct InventoryFolder: Sendable {
  let path: String

  /// Runs a test in a folder of its own.
  ///
  /// - Parameter inventory: the text of builders.json; `nil` for a folder without one.
  static func with(
    _ inventory: String? = nil, _ body: (InventoryFolder) async throws -> Void
  ) async throws {
    let path = "/tmp/nix-builders-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    mkdir(path, 0o755)
    let folder = InventoryFolder(path: path)
    if let inventory { _ = folder.write(inventory, to: "builders.json") }
    let result: Result<Void, any Error>
    do { result = .success(try await body(folder)) } catch { result = .failure(error) }
    _ = await Command(["rm", "-r", path], timeLimit: .seconds(5)).run()
    try result.get()
  }

  /// Runs the program on the folder.
  func run(_ words: String...) async -> Command.Result { await run(words) }

  func run(_ words: [String]) async -> Command.Result {
    await Command(
      [program] + words + ["--directory", path], environment: ["HOME": path],
      timeLimit: .seconds(60)
    ).run()
  }

  /// What builders.json says; `nil` when it cannot be used.
  var inventory: Inventory? {
    try? InventoryFile.decode(Array((read("builders.json") ?? "").utf8))
  }

  func read(_ name: String) -> String? {
    guard let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ text: String, to name: String) -> String {
    if let file = fopen("\(path)/\(name)", "w") {
      fputs(text, file)
      fclose(file)
    }
    return "\(path)/\(name)"
  }

  /// The names of what it holds, without hidden files.
  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
