import Glibc

/// Files that are none, that never end, or that are far too large, wherever the program reads.
enum Files: Campaign {
  static let name = "files"

  private static let kinds: [(name: String, make: @Sendable (String) -> Void)] = [
    ("a FIFO", { mkfifo($0, 0o600) }), ("/dev/zero", { symlink("/dev/zero", $0) }),
    ("a folder", { mkdir($0, 0o700) }), ("a link to itself", { symlink($0, $0) }),
    ("a sparse file of 3 GB", { sparse($0, 3 << 30) }), ("a terminal", { symlink("/dev/tty", $0) }),
    (
      "random bytes",
      { path in
        symlink("/dev/urandom", path)
      }
    ), ("nothing", { close(open($0, O_CREAT | O_WRONLY, 0o600)) }),
    ("200 MB of one line", { sparse($0, 200 << 20) }),
    ("a file of nobody's", { close(open($0, O_CREAT | O_WRONLY, 0)) }),
  ]

  private static func sparse(_ path: String, _ size: Int) {
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
    ftruncate(descriptor, size)
    close(descriptor)
  }

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    for kind in isShort ? Array(kinds.prefix(2)) : kinds {
      attempt(kind.name, "builders.json", ["list"], &tally) {
        kind.make("\($0.output)/builders.json")
      }
      attempt(kind.name, "local.nix", ["write", "--check"], &tally) {
        kind.make("\($0.output)/local.nix")
      }
      attempt(kind.name, "remote-a.nix", ["write"], &tally) {
        kind.make("\($0.output)/remote-a.nix")
      }
      attempt(kind.name, "the key", ["test", "a", "--timeout", "3"], &tally) {
        kind.make("\($0.path)/key")
      }
      attempt(kind.name, "the public key", ["test", "a", "--timeout", "3"], &tally) {
        kind.make("\($0.path)/key.pub")
      }
      attempt(
        kind.name, "a key that is added", ["add", "b", "--address", "h", "--key-path", "KEY"],
        &tally
      ) {
        kind.make("\($0.path)/key")
      }
      attempt(kind.name, "a list of machines", ["import", "FILE"], &tally) {
        kind.make("\($0.path)/file")
      }
      attempt(
        kind.name, "ssh's configuration", ["import", "--ssh-config", "FILE", "/dev/null"], &tally
      ) {
        kind.make("\($0.path)/file")
      }
      attempt(kind.name, "what is remembered", ["list"], &tally) {
        kind.make("\($0.path)/state")
      }
    }
  }

  private static func attempt(
    _ kind: String, _ place: String, _ words: [String], _ tally: inout Tally,
    _ make: (Folder) -> Void
  ) {
    Folder.with { folder in
      if place != "builders.json" {
        folder.write(
          #"{ "builders": [{ "alias": "a", "address": "127.0.0.1", "port": 9, "#
            + #""keyPath": "\#(folder.path)/key", "systems": ["x86_64-linux"] }] }"#,
          to: "out/builders.json")
      }
      make(folder)
      let words = words.map {
        $0 == "FILE" ? "\(folder.path)/file" : $0 == "KEY" ? "\(folder.path)/key" : $0
      }
      let result = Attempt(
        ["\(Attempt.program)/nix-builders"] + words + ["--directory", folder.output]
      ).run(in: folder)
      tally.countHarmless(result, "\(kind) as \(place): \(words[0])")
    }
  }
}
