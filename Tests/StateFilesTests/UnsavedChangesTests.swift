import Builders
import Glibc
import StateFiles
import Testing

@Suite("Unsaved changes") struct UnsavedChangesTests {
  private let changes: UnsavedChanges = {
    let before = Inventory(builders: [
      Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    ])
    var after = before
    after.builders[0].port = 2222
    // A builder that was only begun has answers that no rule would let through.
    let draft = Builder(alias: "", address: "", systems: ["x86_64-linux"], keyPath: "")
    return UnsavedChanges(
      inventory: UnsavedChanges.Edit(before: before, after: after),
      draft: UnsavedChanges.Draft(builder: draft, local: LocalSettings(), edited: nil))
  }()

  @Test("come back as they were, with their moment")
  func roundTrip() {
    TemporaryState.with { state in
      let now = Moment(seconds: 1_790_000_000.5)
      #expect(changes.keep(in: state.directory, about: "/etc/x", base: [1, 2], at: now))
      let kept = UnsavedChanges.kept(in: state.directory, base: [1, 2])
      #expect(kept == KeptChanges(changes: changes, at: now, isOutdated: false))
    }
  }

  @Test("know when builders.json has changed since", arguments: [[1, 3], [], nil] as [[UInt8]?])
  func outdated(base: [UInt8]?) {
    TemporaryState.with { state in
      changes.keep(in: state.directory, about: "/etc/x", base: [1, 2], at: .now())
      #expect(UnsavedChanges.kept(in: state.directory, base: base)?.isOutdated == true)
    }
  }

  @Test("are nobody else's business")
  func modes() {
    TemporaryState.with { state in
      let mask = umask(0)
      defer { umask(mask) }
      changes.keep(in: state.directory, about: "/etc/x", base: nil, at: .now())
      #expect(state.modes("unsaved.json") == 0o600)
      #expect(state.modes() == 0o700)
    }
  }

  @Test("are gone when they were dropped")
  func drop() {
    TemporaryState.with { state in
      changes.keep(in: state.directory, about: "/etc/x", base: nil, at: .now())
      UnsavedChanges.drop(in: state.directory)
      #expect(UnsavedChanges.kept(in: state.directory, base: nil) == nil)
    }
  }

  @Test("are not read from a file that somebody else could have put there")
  func links() throws {
    try TemporaryState.with { state in
      changes.keep(in: state.directory, about: "/etc/x", base: nil, at: .now())
      let path = "\(state.directory.path)/unsaved.json"
      try #require(rename(path, "\(state.root)/elsewhere") == 0)
      try #require(symlink("\(state.root)/elsewhere", path) == 0)
      #expect(UnsavedChanges.kept(in: state.directory, base: nil) == nil)
    }
  }

  @Test("are not kept in a folder that others can write to")
  func openFolder() throws {
    try TemporaryState.with { state in
      changes.keep(in: state.directory, about: "/etc/x", base: nil, at: .now())
      try #require(chmod(state.directory.path, 0o777) == 0)
      #expect(!changes.keep(in: state.directory, about: "/etc/x", base: nil, at: .now()))
    }
  }

  @Test("of one output directory are not those of another, whatever it is called")
  func directories() throws {
    try TemporaryState.with { state in
      func path(_ output: String) -> String {
        StateDirectory(root: state.root, output: output).path
      }
      let before = path("\(state.root)/link/output")
      try #require(mkdir("\(state.root)/real", 0o755) == 0)
      try #require(symlink("real", "\(state.root)/link") == 0)
      #expect(path("\(state.root)/link/output") == path("\(state.root)/real/output"))
      #expect(path("\(state.root)/real/output") != path("\(state.root)/real/other"))
      try #require(mkdir("\(state.root)/real/output", 0o755) == 0)
      #expect(path("\(state.root)/link/output") == path("\(state.root)/real/output"))
      #expect(before != path("\(state.root)/link/output"))
    }
  }
}
