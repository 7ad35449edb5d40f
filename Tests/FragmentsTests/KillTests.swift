import Builders
import Glibc
import SystemPackage
import Testing

@testable import Fragments

/// The writer in a process of its own, ended by a signal that nothing can answer.
@Suite("Killed while writing", .serialized, .timeLimit(.minutes(3)))
struct KillTests {
  /// The folder, by which the process that is to be killed finds it: a child knows its parent.
  private static func folder(of process: pid_t) -> String {
    "/tmp/nix-builders-killed-\(process)"
  }

  private static func output(of process: pid_t) -> OutputDirectory {
    OutputDirectory(path: FilePath("\(folder(of: process))/out"))
  }

  /// An inventory of several builders, each with so many jobs and another uid.
  private static func inventory(_ jobs: Int) -> Inventory {
    Inventory(
      builders: (0..<6).map { index in
        var builder = Examples.forge
        builder.alias = "forge\(index)"
        builder.maxJobs = jobs
        builder.account.uid = 1000 + jobs
        return builder
      })
  }

  private static let inventories = [inventory(3), inventory(5)]

  private static func contents(_ inventory: Inventory) -> [String: String] {
    var contents = Dictionary(
      uniqueKeysWithValues: inventory.fragments().map { ($0.fileName, $0.text) })
    contents["builders.json"] = String(decoding: InventoryFile.encode(inventory), as: UTF8.self)
    return contents
  }

  /// Looks that each file is old or new, and whole; that the new ones are the first; and that the
  /// next writing makes everything one again.
  private func check() throws {
    let output = Self.output(of: getpid())
    let folder = TemporaryFolder(existing: "\(Self.folder(of: getpid()))/out")
    let names = ["builders.json"] + Self.inventories[0].fragments().map(\.fileName)
    let contents = Self.inventories.map(Self.contents)
    let versions = names.map { name in
      contents.firstIndex { $0[name] == folder.read(name) }
    }
    #expect(!versions.contains(nil), "\(versions)")
    #expect(zip(versions, versions.dropFirst()).count { $0 != $1 } <= 1, "\(versions)")
    let stored = try #require(try output.readInventory())
    try output.write(stored)
    for (name, text) in Self.contents(stored) { #expect(folder.read(name) == text) }
    #expect(folder.names.filter { !$0.hasSuffix(".bak") } == names.sorted())
  }

  @Test("at any moment: every file is old or new, and whole")
  func anyMoment() async throws {
    mkdir(Self.folder(of: getpid()), 0o700)
    defer { TemporaryFolder.remove(Self.folder(of: getpid())) }
    try Self.output(of: getpid()).write(Self.inventories[0])
    for _ in 0..<25 {
      await #expect(processExitsWith: .signal(SIGKILL)) { try Self.writeUntilKilled() }
      try check()
    }
  }

  /// Writes one inventory after the other until a timer kills the process.
  private static func writeUntilKilled() throws {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { _ in
        usleep(UInt32.random(in: 0..<40_000))
        kill(getpid(), SIGKILL)
        return nil
      }, nil)
    while true {
      for inventory in inventories.reversed() { try output(of: getppid()).write(inventory) }
    }
  }

  @Test("after each step in turn: every file is old or new, and whole")
  func eachStep() async throws {
    let folder = TemporaryFolder(existing: Self.folder(of: getpid()))
    mkdir(folder.path, 0o700)
    defer { folder.remove() }
    // To the disk, a second name, the backup, the place: four steps for each of eight files.
    for step in 1...32 {
      try Self.output(of: getpid()).write(Self.inventories[0])
      folder.write("\(step)", to: "step")
      await #expect(processExitsWith: .signal(SIGKILL)) { try Self.dieAtStep() }
      try check()
    }
    try Self.output(of: getpid()).write(Self.inventories[0])
    folder.write("33", to: "step")
    await #expect(processExitsWith: .exitCode(7)) { try Self.dieAtStep() }
  }

  private static func dieAtStep() throws {
    let folder = TemporaryFolder(existing: folder(of: getppid()))
    var left = Int(folder.read("step") ?? "") ?? 0
    let files = try #require(try OutputFiles(at: "\(folder.path)/out"))
    var transaction = OutputTransaction(files)
    let inventory = inventories[1]
    let contents = contents(inventory)
    for name in ["builders.json"] + inventory.fragments().map(\.fileName) {
      try transaction.replace(
        name, files.read(name), with: (contents[name] ?? "").utf8, backup: ".bak")
    }
    try transaction.commit {
      left -= 1
      if left == 0 { kill(getpid(), SIGKILL) }
    }
    exit(7)
  }
}

extension TemporaryFolder {
  fileprivate init(existing path: String) { self.path = path }
}
