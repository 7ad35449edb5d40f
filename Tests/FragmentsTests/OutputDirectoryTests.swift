import Builders
import Glibc
import SystemPackage
import Testing

@testable import Fragments

@Suite("Writing")
struct OutputDirectoryTests {
  static var first: Inventory { Inventory(builders: [Examples.forge]) }

  static var second: Inventory {
    var inventory = first
    inventory.builders[0].maxJobs = 8
    inventory.builders[0].account.uid = 501
    return inventory
  }

  static let fileNames = ["builders.json", "local.nix", "remote-forge.nix"]

  private func directory(_ folder: TemporaryFolder) -> OutputDirectory {
    OutputDirectory(path: FilePath(folder.path))
  }

  /// What a folder holds of an inventory, or `nil` where a file is something else.
  private func holds(_ inventory: Inventory, _ folder: TemporaryFolder) -> Bool {
    folder.read("builders.json") == String(decoding: InventoryFile.encode(inventory), as: UTF8.self)
      && inventory.fragments().allSatisfy { folder.read($0.fileName) == $0.text }
  }

  // MARK: - Ordinary days

  @Test("an inventory is written, read again, and written once")
  func roundTrip() async throws {
    try await TemporaryFolder.with { folder in
      let output = OutputDirectory(path: FilePath("\(folder.path)/etc/nix-builders"))
      let nothing = try output.readInventory()
      #expect(nothing == nil)
      #expect(try output.plan(Self.first).map(\.standing) == [.missing, .missing])
      #expect(try output.write(Self.first, previous: .missing) == Self.fileNames)
      #expect(try output.readInventory() == Self.first)
      #expect(try output.plan(Self.first).map(\.standing) == [.current, .current])
      #expect(try output.write(Self.first) == [])
      #expect(TemporaryFolder.names("\(folder.path)/etc/nix-builders") == Self.fileNames)
    }
  }

  @Test("a changed inventory replaces what it changes, and keeps the old files")
  func rewrite() async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      try output.write(Self.first)
      let stored = try #require(try output.readStoredInventory())
      var changed = Self.first
      changed.builders[0].maxJobs = 8
      #expect(try output.plan(changed).map(\.standing) == [.outdated, .current])
      #expect(
        try output.write(changed, previous: .bytes(stored.bytes)) == ["builders.json", "local.nix"])
      #expect(holds(changed, folder))
      #expect(folder.read("local.nix.bak") == Self.first.localFragment().text)
      #expect(folder.read("builders.json.bak") == String(decoding: stored.bytes, as: UTF8.self))
      // One backup each, however often one writes.
      for _ in 0..<3 {
        try output.write(Self.second)
        try output.write(Self.first)
      }
      #expect(
        folder.names == Self.fileNames.flatMap { [$0, "\($0).bak"] })
      #expect(folder.read("local.nix.bak") == Self.second.localFragment().text)
    }
  }

  @Test("an inventory in another layout stays as its owner wrote it")
  func layout() async throws {
    try await TemporaryFolder.with { folder in
      let text = #"{"builders":[{"alias":"a","address":"b","systems":["x86_64-linux"]}]}"#
      folder.write(text, to: "builders.json")
      let inventory = try #require(try directory(folder).readInventory())
      #expect(try directory(folder).write(inventory) == ["local.nix", "remote-a.nix"])
      #expect(folder.read("builders.json") == text)
    }
  }

  @Test("a change by somebody else since it was read is seen")
  func changed() async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      try output.write(Self.first)
      let path = "\(folder.path)/builders.json"
      #expect(throws: OutputError.changed(path: path)) {
        try output.write(Self.second, previous: .missing)
      }
      let stored = try #require(try output.readStoredInventory())
      try output.write(Self.second)
      let error = #expect(throws: OutputError.self) {
        try output.write(Self.first, previous: .bytes(stored.bytes))
      }
      #expect(
        error?.description
          == "\(path) was changed by somebody else since it was read. Nothing was written; open it "
          + "again.")
      #expect(holds(Self.second, folder))
    }
  }

  // MARK: - Hand edits

  @Test(
    "an edited file is replaced only with consent, and kept",
    arguments: [
      { $0.replacing("max", with: "min") }, { $0.replacing("# The", with: "# All") },
      { $0 + "\n" }, { _ in "{ }\n" }, { _ in "" }, { $0.replacing("Digest: ", with: "Digest: 0") },
    ] as [@Sendable (String) -> String])
  func edited(edit: @Sendable (String) -> String) async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      try output.write(Self.first)
      let text = edit(Self.first.localFragment().text)
      folder.write(text, to: "local.nix")
      let plan = try output.plan(Self.second)
      #expect(plan.map(\.standing) == [.edited, .outdated])
      #expect(plan[0].present == text)
      let error = #expect(throws: OutputError.edited(["\(folder.path)/local.nix"])) {
        try output.write(Self.second)
      }
      #expect(
        error?.description
          == "\(folder.path)/local.nix was edited by hand. Nothing was written; look at the "
          + "difference and allow the replacement, or move the edit elsewhere.")
      #expect(folder.read("remote-forge.nix") == Self.first.builders[0].remoteFragment().text)
      #expect(try output.readInventory() == Self.first)
      #expect(try output.write(Self.second, replaceEdited: ["local.nix"]) == Self.fileNames)
      #expect(holds(Self.second, folder))
      // The edit outlives later writing.
      try output.write(Self.first)
      try output.write(Self.second)
      #expect(folder.read("local.nix.edited.bak") == text)
    }
  }

  @Test("a file edited by hand can stay as it is while the others are written")
  func keepEdited() async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      try output.write(Self.first)
      let text = Self.first.localFragment().text + "# mine\n"
      folder.write(text, to: "local.nix")
      let written = try output.write(Self.second, keepEdited: ["local.nix"])
      #expect(written == Self.fileNames.filter { $0 != "local.nix" })
      #expect(folder.read("local.nix") == text)
      #expect(try output.readInventory() == Self.second)
      #expect(try output.plan(Self.second)[0].standing == .edited)
    }
  }

  @Test("fragments of builders that are gone are reported, and removed only with consent")
  func obsolete() async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      var both = Self.first
      both.builders.append(Examples.plain)
      both.builders[1].alias = "old"
      try output.write(both)
      folder.write("{ }\n", to: "remote-control.nix")
      let plan = try output.plan(Self.first)
      #expect(plan.map(\.fragment.fileName) == ["local.nix", "remote-forge.nix", "remote-old.nix"])
      #expect(plan.map(\.standing) == [.outdated, .current, .obsolete])
      #expect(plan[2].fragment.text == "")
      #expect(plan[2].present == both.builders[1].remoteFragment().text)
      // One that is only switched off is still wanted.
      var off = both
      off.builders[1].enabled = false
      #expect(try output.plan(off).map(\.standing) == [.outdated, .current])
      #expect(try output.write(Self.first) == ["builders.json", "local.nix"])
      #expect(folder.read("remote-old.nix") != nil)
      #expect(
        try output.write(Self.first, removeObsolete: ["remote-old.nix", "remote-control.nix"])
          == ["remote-old.nix"])
      #expect(folder.read("remote-old.nix") == nil)
      #expect(folder.read("remote-old.nix.bak") == both.builders[1].remoteFragment().text)
      #expect(folder.read("remote-control.nix") == "{ }\n")
      #expect(try output.plan(Self.first).map(\.standing) == [.current, .current])
    }
  }

  // MARK: - What cannot be used

  @Test("an inventory of a newer version is refused and left as it is")
  func newer() async throws {
    try await TemporaryFolder.with { folder in
      folder.write(#"{"version":2,"builders":7}"#, to: "builders.json")
      let output = directory(folder)
      let message =
        "\(folder.path)/builders.json cannot be used: version: 2 was written by a newer "
        + "nix-builders; this one reads 1. The file is left as it is."
      #expect(
        #expect(throws: OutputError.self) { try output.readInventory() }?.description == message)
      #expect(
        #expect(throws: OutputError.self) { try output.write(Self.first) }?.description == message)
      #expect(folder.names == ["builders.json"])
      #expect(folder.read("builders.json") == #"{"version":2,"builders":7}"#)
    }
  }

  @Test("a broken inventory is not overwritten")
  func broken() async throws {
    try await TemporaryFolder.with { folder in
      folder.write(#"{"version":1,"#, to: "builders.json")
      #expect(throws: OutputError.self) { try directory(folder).write(Self.first) }
      #expect(folder.read("builders.json") == #"{"version":1,"#)
      #expect(folder.names == ["builders.json"])
    }
  }

  @Test("answers that break a rule are not written")
  func invalid() async throws {
    try await TemporaryFolder.with { folder in
      var inventory = Self.first
      inventory.builders[0].port = 0
      inventory.builders[0].user = ""
      let error = #expect(throws: OutputError.self) { try directory(folder).write(inventory) }
      #expect(
        error?.description
          == "\(folder.path)/builders.json cannot be used: builders[0].port: \"0\" is not a number "
          + "from 1 to 65535. And 1 more.")
      #expect(folder.names == [])
      inventory.builders[0].alias = "x/../../secret"
      let outside = OutputError.unreadable(
        path: "\(folder.path)/remote-x/../../secret.nix", reason: "Invalid argument.")
      #expect(throws: outside) { try directory(folder).plan(inventory) }
    }
  }

  @Test("what is no regular file is not read, and not waited for", .timeLimit(.minutes(1)))
  func notRegular() async throws {
    try await TemporaryFolder.with { folder in
      mkfifo("\(folder.path)/local.nix", 0o644)
      let error = #expect(throws: OutputError.self) { try directory(folder).plan(Self.first) }
      #expect(
        error?.description
          == "\(folder.path)/local.nix cannot be read: It is a named pipe, not a file. Move it out "
          + "of the way."
      )
      unlink("\(folder.path)/local.nix")
      mkdir("\(folder.path)/builders.json", 0o755)
      #expect(throws: OutputError.self) { try directory(folder).write(Self.first) }
      rmdir("\(folder.path)/builders.json")
      let file = OutputDirectory(path: FilePath(folder.write("", to: "file")))
      #expect(
        #expect(throws: OutputError.self) { try file.readInventory() }?.description
          == "\(folder.path)/file cannot be read: Not a directory. A part of the path is a file; "
          + "name another with --directory.")
    }
  }

  // MARK: - Symbolic links

  @Test("a link that leads out is not followed, in reading or writing")
  func linkOut() async throws {
    try await TemporaryFolder.with { folder in
      mkdir("\(folder.path)/in", 0o755)
      folder.write("precious\n", to: "out")
      let output = OutputDirectory(path: FilePath("\(folder.path)/in"))
      for name in Self.fileNames {
        for target in ["../out", "\(folder.path)/out", "/nowhere/at/all"] {
          let link = "\(folder.path)/in/\(name)"
          symlink(target, link)
          let error = #expect(throws: OutputError.symbolicLink(path: link)) {
            try output.write(Self.first)
          }
          #expect(
            error?.description
              == "\(link) is a symbolic link that leads out of the folder. Put a file in its place, "
              + "or name the folder that it leads to with --directory.")
          unlink(link)
          #expect(TemporaryFolder.names("\(folder.path)/in") == [])
        }
      }
      symlink("../out", "\(folder.path)/in/builders.json")
      #expect(throws: OutputError.self) { try output.readInventory() }
      #expect(folder.read("out") == "precious\n")
    }
  }

  @Test("links in the place of temporary files, backups and the lock lead nowhere")
  func plantedLinks() async throws {
    try await TemporaryFolder.with { folder in
      mkdir("\(folder.path)/in", 0o755)
      folder.write("precious\n", to: "out")
      let output = OutputDirectory(path: FilePath("\(folder.path)/in"))
      try output.write(Self.first)
      for name in Self.fileNames {
        for planted in [".\(name).new", "\(name).bak", ".\(name).bak.new"] {
          symlink("../out", "\(folder.path)/in/\(planted)")
        }
      }
      try output.write(Self.second)
      #expect(folder.read("out") == "precious\n")
      #expect(
        TemporaryFolder.names("\(folder.path)/in")
          == Self.fileNames.flatMap { [$0, "\($0).bak"] })
      symlink("../out", "\(folder.path)/in/\(DirectoryLock.fileName)")
      #expect(throws: OutputError.self) { try output.write(Self.first) }
      #expect(folder.read("out") == "precious\n")
    }
  }

  @Test("the folder's own path may be a link, and links inside may stay inside")
  func linkInside() async throws {
    try await TemporaryFolder.with { folder in
      mkdir("\(folder.path)/real", 0o755)
      mkdir("\(folder.path)/real/deep", 0o755)
      symlink("real", "\(folder.path)/link")
      symlink("deep/there.nix", "\(folder.path)/real/local.nix")
      folder.write(Self.first.localFragment().text, to: "real/deep/there.nix")
      let output = OutputDirectory(path: FilePath("\(folder.path)/link"))
      let written = try output.write(Self.second)
      #expect(written == Self.fileNames)
      #expect(folder.read("real/deep/there.nix") == Self.second.localFragment().text)
      #expect(isKind(folder.status("real/local.nix"), S_IFLNK))
      #expect(TemporaryFolder.names("\(folder.path)/real/deep") == ["there.nix", "there.nix.bak"])
    }
  }

  // MARK: - Owners and modes

  @Test("owners and modes stay; what is new belongs to the folder's owner", .enabled(if: isRoot))
  func owners() async throws {
    try await TemporaryFolder.with { folder in
      chown(folder.path, 1234, 2345)
      let output = OutputDirectory(path: FilePath("\(folder.path)/new/folder"))
      try output.write(Self.first)
      for name in ["new", "new/folder"] + Self.fileNames.map({ "new/folder/\($0)" }) {
        #expect(folder.status(name).st_uid == 1234)
        #expect(folder.status(name).st_gid == 2345)
      }
      #expect(folder.status("new/folder/local.nix").st_mode & 0o7777 == 0o644)
      chown("\(folder.path)/new/folder/local.nix", 55, 66)
      chmod("\(folder.path)/new/folder/local.nix", 0o2640)
      try output.write(Self.second)
      for name in ["new/folder/local.nix", "new/folder/local.nix.bak"] {
        #expect(folder.status(name).st_uid == 55)
        #expect(folder.status(name).st_gid == 66)
        #expect(folder.status(name).st_mode & 0o7777 == 0o2640)
      }
    }
  }

  // MARK: - The lock

  @Test("a second instance is refused, and told who is writing")
  func locked() async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      let file = folder.write("4242 somebody\n", to: DirectoryLock.fileName)
      let descriptor = open(file, O_RDWR)
      flock(descriptor, LOCK_EX)
      let error = #expect(
        throws: OutputError.locked(path: folder.path, owner: "process 4242 of somebody")
      ) { try output.write(Self.first) }
      #expect(
        error?.description
          == "\(folder.path): another nix-builders is writing there (process 4242 of somebody). "
          + "Try again when it is done.")
      #expect(folder.names == [DirectoryLock.fileName])
      // The lock of a process that is gone is none.
      close(descriptor)
      try output.write(Self.first)
      #expect(folder.names == Self.fileNames)
    }
  }

  @Test("the lock says who holds it, and goes when it is released")
  func lockOwner() async throws {
    try await TemporaryFolder.with { folder in
      let files = try #require(try OutputFiles(at: folder.path))
      let lock = try DirectoryLock(files)
      let user = String(cString: getpwuid(geteuid()).pointee.pw_name)
      #expect(folder.read(DirectoryLock.fileName) == "\(getpid()) \(user)\n")
      #expect(
        throws: OutputError.locked(path: folder.path, owner: "process \(getpid()) of \(user)")
      ) { _ = try DirectoryLock(files) }
      lock.release()
      #expect(folder.names == [])
    }
  }

  @Test("many writers at once: each file is always whole, and the lock never breaks")
  func manyWriters() async throws {
    try await TemporaryFolder.with { folder in
      let output = directory(folder)
      try output.write(Self.first)
      await withTaskGroup(of: Int.self) { group in
        for writer in 0..<4 {
          group.addTask {
            var written = 0
            for round in 0..<8 {
              do throws(OutputError) {
                try output.write((writer + round) % 2 == 0 ? Self.first : Self.second)
                written += 1
              } catch .locked {
              } catch {
                Issue.record(error)
              }
            }
            return written
          }
        }
        var total = 0
        for await written in group { total += written }
        #expect(total > 0)
      }
      #expect(holds(Self.first, folder) || holds(Self.second, folder))
      #expect(folder.names == Self.fileNames.flatMap { [$0, "\($0).bak"] })
    }
  }

  @Test("what a killed process left is taken away")
  func leftovers() async throws {
    try await TemporaryFolder.with { folder in
      for name in [".local.nix.new", ".remote-gone.nix.new", ".builders.json.bak.new"] {
        folder.write("half", to: name)
      }
      folder.write("somebody's", to: ".other.nix.new")
      try directory(folder).write(Self.first)
      #expect(folder.names == [".other.nix.new"] + Self.fileNames)
    }
  }
}

let isRoot = geteuid() == 0
