import Glibc
import Testing

@testable import Checks
@testable import Processes

@Suite struct KeyPairTests {
  /// Runs a test in a folder of its own.
  private func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = try #require(PrivateDirectory())
    defer { folder.remove() }
    try await body(folder.path)
  }

  private func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
    chmod(path, mode)
  }

  private func mode(of path: String) -> mode_t {
    var status = stat()
    stat(path, &status)
    return status.st_mode & 0o7777
  }

  private func fault(_ path: String) async -> String? {
    if case .unusable(let diagnosis, _) = await KeyPair.inspect(path: path) {
      diagnosis.id
    } else {
      nil
    }
  }

  @Test("a new key is usable, private, and carries its comment")
  func create() async throws {
    try await inFolder { folder in
      let path = "\(folder)/key"
      let publicKey = try await KeyPair.create(path: path, comment: "root@laptop forge")
      #expect(publicKey.hasPrefix("ssh-ed25519 AAAA"))
      #expect(publicKey.hasSuffix(" root@laptop forge"))
      #expect(mode(of: path) == 0o600)
      #expect(await KeyPair.inspect(path: path) == .usable(publicKey: publicKey))
    }
  }

  @Test("missing folders are made, for nobody else to enter")
  func folders() async throws {
    try await inFolder { folder in
      let path = "\(folder)/new/key"
      _ = try await KeyPair.create(path: path, comment: "c")
      #expect(mode(of: "\(folder)/new") == 0o700)
      for file in [path, "\(path).pub"] { unlink(file) }
      rmdir("\(folder)/new")
    }
  }

  @Test("nothing is overwritten, not even a .pub on its own or a link to nowhere")
  func neverOverwritten() async throws {
    try await inFolder { folder in
      try write("precious", to: "\(folder)/a")
      try write("precious", to: "\(folder)/b.pub")
      symlink("/nowhere", "\(folder)/c")
      for name in ["a", "b", "c"] {
        let error = await #expect(throws: KeyPairError.self) {
          try await KeyPair.create(path: "\(folder)/\(name)", comment: "c")
        }
        #expect(error?.diagnosis.id == "key-exists")
      }
      #expect(readTextFile("\(folder)/a") == "precious")
      #expect(readTextFile("\(folder)/b.pub") == "precious")
      // The folder's own lock aside.
      #expect(fileNames(in: folder).sorted().filter { $0 != ".lock" } == ["a", "b.pub", "c"])
    }
  }

  @Test("a key that cannot be written is an error with what ssh-keygen said")
  func notWritten() async throws {
    let error = await #expect(throws: KeyPairError.self) {
      try await KeyPair.create(path: "/proc/no/key", comment: "c")
    }
    #expect(error?.diagnosis.id == "key-not-made")
    #expect(error?.evidence.contains("/proc/no/key") == true)
  }

  @Test("a key that is not there is absent")
  func absent() async throws {
    try await inFolder { folder in
      #expect(await KeyPair.inspect(path: "\(folder)/key") == .absent)
      try write("", to: "\(folder)/file")
      #expect(await KeyPair.inspect(path: "\(folder)/file/key") == .absent)
    }
  }

  @Test("what is not a private key is told apart")
  func notAKey() async throws {
    try await inFolder { folder in
      try write("garbage\n", to: "\(folder)/garbage")
      try write("", to: "\(folder)/empty")
      try write("ssh-ed25519 AAAAC3Nza c\n", to: "\(folder)/public")
      #expect(await fault("\(folder)/garbage") == "key-invalid")
      #expect(await fault("\(folder)/empty") == "key-invalid")
      #expect(await fault("\(folder)/public") == "key-is-public")
      #expect(await fault(folder) == "key-is-folder")
    }
  }

  @Test("what is no file is neither waited for nor read", .timeLimit(.minutes(1)))
  func noFile() async throws {
    try await inFolder { folder in
      mkfifo("\(folder)/pipe", 0o600)
      try write("", to: "\(folder)/sparse")
      #expect(truncate("\(folder)/sparse", 3 << 30) == 0)
      for path in ["\(folder)/pipe", "\(folder)/sparse", "/dev/zero", "/dev/tty"] {
        #expect(await fault(path) == "key-is-no-file", "\(path)")
      }
      guard case .unusable(let diagnosis, _) = await KeyPair.inspect(path: "\(folder)/sparse")
      else {
        Issue.record("the key can be used")
        return
      }
      #expect(diagnosis.cause == "\(folder)/sparse is longer than 64 kB, which no key is.")
      // The public half beside a good key.
      _ = try await KeyPair.create(path: "\(folder)/key", comment: "c")
      unlink("\(folder)/key.pub")
      mkfifo("\(folder)/key.pub", 0o600)
      #expect(await fault("\(folder)/key") == "key-is-no-file")
    }
  }

  @Test("a passphrase, open modes, and a .pub of another key are faults")
  func faults() async throws {
    try await inFolder { folder in
      let (good, other) = ("\(folder)/good", "\(folder)/other")
      _ = try await KeyPair.create(path: good, comment: "good")
      let otherKey = try await KeyPair.create(path: other, comment: "other")
      let locked = await Command(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", "\(folder)/locked"],
        timeLimit: .seconds(30)
      ).run()
      #expect(locked.succeeded)
      #expect(await fault("\(folder)/locked") == "key-passphrase")
      chmod(good, 0o640)
      #expect(await fault(good) == "key-open-modes")
      chmod(good, 0o600)
      try write(otherKey + "\n", to: "\(good).pub")
      #expect(await fault(good) == "key-mismatched-pub")
      unlink("\(good).pub")
      #expect(await fault(good) == nil)
    }
  }

  @Test("a key of another user is a fault", .enabled(if: geteuid() == 0))
  func owner() async throws {
    try await inFolder { folder in
      let path = "\(folder)/key"
      _ = try await KeyPair.create(path: path, comment: "c")
      chown(path, 1, 1)
      #expect(await fault(path) == "key-wrong-owner")
    }
  }
}
