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

  /// Looks that each file is old or new, and whole; that what is left says how they become one; and
  /// that they then are.
  ///
  /// - Returns: which inventory it has become.
  @discardableResult
  private func check() throws -> Int {
    let output = Self.output(of: getpid())
    let folder = TemporaryFolder(existing: "\(Self.folder(of: getpid()))/out")
    let names = ["builders.json"] + Self.inventories[0].fragments().map(\.fileName)
    let contents = Self.inventories.map(Self.contents)
    func versions() -> [Int?] {
      names.map { name in contents.firstIndex { $0[name] == folder.read(name) } }
    }
    let found = versions()
    #expect(!found.contains(nil), "\(found)")
    let isOne = Set(found).count == 1
    #expect(isOne || output.isInterrupted, "\(found)")
    let recovery = try output.recover()
    #expect(isOne || recovery == .finished, "\(found)")
    #expect(Set(versions()).count == 1, "\(found) became \(versions())")
    let stored = try #require(try output.readInventory())
    try output.write(stored)
    for (name, text) in Self.contents(stored) { #expect(folder.read(name) == text) }
    #expect(folder.names.filter { !$0.hasSuffix(".bak") } == names.sorted())
    return try #require(Self.inventories.firstIndex(of: stored))
  }

  @Test("at any moment: all files are old or all are new after the next start")
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

  @Test("after each step in turn: all files are old or all are new after the next start")
  func eachStep() async throws {
    let folder = TemporaryFolder(existing: Self.folder(of: getpid()))
    mkdir(folder.path, 0o700)
    defer { folder.remove() }
    // To the disk and a second name for each of eight files; the journal in three steps; the places;
    // the folder; the backups; the end of the journal.
    for step in 1...37 {
      try Self.output(of: getpid()).write(Self.inventories[0])
      folder.write("\(step)", to: "step")
      await #expect(processExitsWith: .signal(SIGKILL)) { try Self.dieAtStep() }
      // With the journal in its place it is decided.
      #expect(try check() == (step < 18 ? 0 : 1), "\(step)")
    }
    try Self.output(of: getpid()).write(Self.inventories[0])
    folder.write("38", to: "step")
    await #expect(processExitsWith: .exitCode(7)) { try Self.dieAtStep() }
  }

  @Test("what somebody edits after that is kept when the writing is finished")
  func editedMeanwhile() async throws {
    let folder = TemporaryFolder(existing: Self.folder(of: getpid()))
    mkdir(folder.path, 0o700)
    defer { folder.remove() }
    let output = Self.output(of: getpid())
    try output.write(Self.inventories[0])
    // Three files are new.
    folder.write("22", to: "step")
    await #expect(processExitsWith: .signal(SIGKILL)) { try Self.dieAtStep() }
    #expect(output.isInterrupted)
    // Their order: builders.json, local.nix, remote-forge0.nix, and so on.
    let edits = ["local.nix": "a new one, edited\n", "remote-forge4.nix": "an old one, edited\n"]
    for (name, text) in edits {
      folder.write(text, to: "out/.edit")
      rename("\(folder.path)/out/.edit", "\(folder.path)/out/\(name)")
    }
    #expect(try output.recover() == .finished)
    let new = Self.contents(Self.inventories[1])
    #expect(folder.read("out/local.nix") == edits["local.nix"])
    #expect(folder.read("out/remote-forge4.nix") == new["remote-forge4.nix"])
    #expect(folder.read("out/remote-forge4.nix.edited.bak") == edits["remote-forge4.nix"])
    #expect(folder.read("out/remote-forge5.nix") == new["remote-forge5.nix"])
    #expect(try output.readInventory() == Self.inventories[1])
    #expect(try output.plan(Self.inventories[1]).map(\.standing).contains(.edited))
  }

  @Test("a journal that somebody has put there leads nowhere else")
  func plantedJournal() throws {
    let folder = TemporaryFolder(existing: Self.folder(of: getpid()) + "-planted")
    mkdir(folder.path, 0o700)
    defer { folder.remove() }
    let output = OutputDirectory(path: FilePath("\(folder.path)/out"))
    try output.write(Self.inventories[0])
    mkdir("\(folder.path)/elsewhere", 0o700)
    symlink("../elsewhere", "\(folder.path)/out/link")
    folder.write("precious\n", to: "elsewhere/x")
    folder.write("bad\n", to: "elsewhere/.x.new")
    let journal = "out/\(OutputJournal.fileName)"
    for file in ["../elsewhere/x", "link/x", "/\(folder.path)/elsewhere/x", "", ".", "a/../../x"] {
      folder.write(
        #"{"version":1,"steps":[{"file":"\#(file)","digest":"0","backup":".bak"}]}"#, to: journal)
      #expect(throws: OutputError.self, "\(file)") { try output.recover() }
      #expect(throws: OutputError.self, "\(file)") { try output.write(Self.inventories[1]) }
    }
    for text in ["", "{}", #"{"version":2,"steps":[]}"#, "\u{0}"] {
      folder.write(text, to: journal)
      #expect(throws: OutputError.self) { try output.write(Self.inventories[1]) }
    }
    #expect(folder.read("elsewhere/x") == "precious\n")
    #expect(folder.read("elsewhere/.x.new") == "bad\n")
    unlink("\(folder.path)/\(journal)")
    try output.write(Self.inventories[1])
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
        name, files.read(name), with: Array((contents[name] ?? "").utf8), backup: ".bak")
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
