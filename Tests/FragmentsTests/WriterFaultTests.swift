import Builders
import Fragments
import Glibc
import SystemPackage
import Testing

/// The writer where the world is against it. Each test runs in a process of its own, with mounts
/// that nobody else sees.
@Suite("Writing against the odds", .enabled(if: isRoot), .serialized)
struct WriterFaultTests {
  @Test("a read-only file system is named, and nothing is lost")
  func readOnly() async {
    await #expect(processExitsWith: .success) {
      try TemporaryFolder.inOneThread { folder in
        let output = OutputDirectory(path: FilePath(folder.path))
        try output.write(OutputDirectoryTests.first)
        try hideMounts()
        #expect(mount(folder.path, folder.path, nil, UInt(MS_BIND), nil) == 0)
        let flags = MS_BIND | MS_REMOUNT | MS_RDONLY
        #expect(mount(nil, folder.path, nil, UInt(flags), nil) == 0)
        let error = #expect(throws: OutputError.self) {
          try output.write(OutputDirectoryTests.second)
        }
        #expect(
          error?.description
            == "\(folder.path)/.nix-builders.lock cannot be written: Read-only file system. "
            + "Name another folder with --directory.")
        #expect(try output.readInventory() == OutputDirectoryTests.first)
        #expect(
          try output.plan(OutputDirectoryTests.second).map(\.standing) == [.outdated, .outdated])
        let new = OutputDirectory(path: FilePath("\(folder.path)/new/er"))
        #expect(throws: OutputError.self) { try new.write(OutputDirectoryTests.first) }
        umount(folder.path)
      }
    }
  }

  @Test("a full disk is named, and nothing is lost")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      try TemporaryFolder.inOneThread { folder in
        try hideMounts()
        #expect(mount("tmpfs", folder.path, "tmpfs", 0, "size=256k") == 0)
        let output = OutputDirectory(path: FilePath(folder.path))
        try output.write(OutputDirectoryTests.first)
        let before = OutputDirectoryTests.fileNames.map { folder.read($0) }
        // Room for fewer files each time: the writer stops at another one.
        var sawFullDisk = 0
        for room in 0..<4 {
          let fill = open("\(folder.path)/fill", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
          let page = [UInt8](repeating: 1, count: 4096)
          while write(fill, page, page.count) == page.count {}
          ftruncate(fill, lseek(fill, 0, SEEK_END) - off_t(room * 4096))
          close(fill)
          do throws(OutputError) {
            try output.write(OutputDirectoryTests.second)
            try output.write(OutputDirectoryTests.first)
          } catch {
            sawFullDisk += 1
            #expect(
              error.description.hasSuffix(
                "No space left on device. Make room there and write again."))
            #expect(OutputDirectoryTests.fileNames.map { folder.read($0) } == before)
            #expect(folder.names == (OutputDirectoryTests.fileNames + ["fill"]).sorted())
          }
        }
        #expect(sawFullDisk >= 3)
        unlink("\(folder.path)/fill")
        try output.write(OutputDirectoryTests.second)
        umount(folder.path)
      }
    }
  }

  @Test("when one file cannot be replaced, those before it are brought back")
  func broughtBack() async {
    await #expect(processExitsWith: .success) {
      try TemporaryFolder.inOneThread { folder in
        try hideMounts()
        let output = OutputDirectory(path: FilePath(folder.path))
        try output.write(OutputDirectoryTests.first)
        try output.write(OutputDirectoryTests.second)
        let before = folder.names.map { folder.read($0) }
        let names = folder.names
        for name in OutputDirectoryTests.fileNames {
          // What is mounted cannot be replaced.
          let file = "\(folder.path)/\(name)"
          #expect(mount(file, file, nil, UInt(MS_BIND), nil) == 0)
          let error = #expect(throws: OutputError.self) {
            try output.write(OutputDirectoryTests.first)
          }
          #expect(
            error?.description == "\(file) cannot be written: Device or resource busy.")
          #expect(umount(file) == 0)
          #expect(folder.names == names, "\(name)")
          #expect(folder.names.map { folder.read($0) } == before, "\(name)")
          #expect(!output.isInterrupted)
        }
        try output.write(OutputDirectoryTests.first)
        #expect(try output.readInventory() == OutputDirectoryTests.first)
      }
    }
  }

  @Test("without the right to write, the message says so")
  func notAllowed() async {
    await #expect(processExitsWith: .success) {
      try TemporaryFolder.inOneThread { folder in
        chmod(folder.path, 0o755)
        let output = OutputDirectory(path: FilePath(folder.path))
        try output.write(OutputDirectoryTests.first)
        chmod("\(folder.path)/local.nix", 0o600)
        seteuid(65534)
        let unwritable = #expect(throws: OutputError.self) {
          try output.write(OutputDirectoryTests.second)
        }
        let unreadable = #expect(throws: OutputError.self) {
          try output.plan(OutputDirectoryTests.second)
        }
        let unmade = #expect(throws: OutputError.self) {
          try OutputDirectory(path: FilePath("\(folder.path)/new")).write(
            OutputDirectoryTests.first)
        }
        seteuid(0)
        let rest = "Permission denied. Run nix-builders as root, or name another folder with "
        #expect(
          unwritable?.description
            == "\(folder.path)/.nix-builders.lock cannot be written: \(rest)--directory.")
        #expect(
          unreadable?.description
            == "\(folder.path)/local.nix cannot be read: \(rest)--directory.")
        #expect(
          unmade?.description == "\(folder.path)/new cannot be written: \(rest)--directory.")
      }
    }
  }

  @Test("a file's owner is not changed by one who cannot keep it")
  func ownerNotKept() async {
    await #expect(processExitsWith: .success) {
      try TemporaryFolder.inOneThread { folder in
        chown(folder.path, 65534, 65534)
        let output = OutputDirectory(path: FilePath(folder.path))
        try output.write(OutputDirectoryTests.first)
        chown("\(folder.path)/local.nix", 0, 0)
        seteuid(65534)
        let error = #expect(throws: OutputError.self) {
          try output.write(OutputDirectoryTests.second)
        }
        seteuid(0)
        #expect(
          error?.description.hasPrefix(
            "\(folder.path)/local.nix cannot be written: Operation not permitted.") == true)
        #expect(folder.names == OutputDirectoryTests.fileNames)
        #expect(try output.readInventory() == OutputDirectoryTests.first)
      }
    }
  }

  @Test("where a file can have no second name, its backup is a copy")
  func noSecondName() async {
    await #expect(processExitsWith: .success) {
      try TemporaryFolder.inOneThread { folder in
        let output = OutputDirectory(path: FilePath(folder.path))
        try output.write(OutputDirectoryTests.first)
        let file = "\(folder.path)/local.nix"
        chmod(file, 0o640)
        mkdir("\(folder.path)/links", 0o755)
        // Most file systems know a limit; ext4's is 65,000.
        var count = 0
        while count < 70_000, link(file, "\(folder.path)/links/\(count)") == 0 { count += 1 }
        try output.write(OutputDirectoryTests.second)
        #expect(folder.read("local.nix") == OutputDirectoryTests.second.localFragment().text)
        #expect(folder.read("local.nix.bak") == OutputDirectoryTests.first.localFragment().text)
        let backup = folder.status("local.nix.bak")
        #expect(backup.st_mode & 0o7777 == 0o640)
        #expect(count == 70_000 || backup.st_nlink == 1)
      }
    }
  }
}

struct MountError: Error {}

/// Lets this thread mount what nobody else sees.
private func hideMounts() throws {
  typealias Unshare = @convention(c) (Int32) -> Int32
  guard let symbol = dlsym(nil, "unshare") else { throw MountError() }
  let newMounts: Int32 = 0x20000  // CLONE_NEWNS of <sched.h>
  guard unsafeBitCast(symbol, to: Unshare.self)(newMounts) == 0,
    mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0
  else { throw MountError() }
}
