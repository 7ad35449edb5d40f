import Testing

@testable import Practice

extension MachineTests {
  @Suite struct ForeignRoots {
    @Test("the environment names the root file systems of both machines")
    func environment() {
      let options = PracticeOptions(environment: [
        "NIX_BUILDERS_LOCAL_ROOT": "/roots/a", "NIX_BUILDERS_BUILDER_ROOT": "/roots/b",
      ])
      #expect(options.localRoot == "/roots/a")
      #expect(options.builderRoot == "/roots/b")
      #expect(PracticeOptions(environment: [:]).localRoot == nil)
    }

    @Test("a machine lives in a root file system of its own, and builds")
    func build() async throws {
      var options = PracticeOptions()
      // The computer's own without anything that is mounted below it.
      options.builderRoot = options.builderRoot ?? "/"
      try await Lab.with(options) { lab in
        try await lab.applyBoth()
        let build = await lab.build().run()
        #expect(build.succeeded, "\(build.error)")
        #expect(build.error.contains("on 'ssh-ng://forge'"))
      }
    }
  }
}
