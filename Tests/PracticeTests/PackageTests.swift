import Checks
import Testing

@testable import Practice

extension MachineTests {
  /// `test --package` on the second machine.
  @Suite struct PackageTests {
    @Test("a package that this machine has not got is not the builder's fault: exit 69, not failed")
    func notHere() async throws {
      try await Lab.with { lab in
        let tested = try await TestedBuilder(lab)
        try await tested.apply()
        // The helper looks at the exit status, too.
        let report = try await tested.test(["--package", "/nowhere#hello"])
        #expect(report.passed)
        #expect(report.failed.map(\.name) == [])
        let package = try #require(report.checks.last)
        #expect(package.name == "package")
        #expect(package.outcome == "skipped")
        #expect(package.detail == "not available here")
        // Where the builder itself fails, that is what counts.
        try await lab.connection.cause(.daemonStopped)
        let failed = try await tested.test(["--package", "/nowhere#hello"])
        #expect(!failed.passed)
      }
    }

    @Test("a package is evaluated once, and built by the builder")
    func onceEvaluated() async throws {
      try await Lab.with { lab in
        let tested = try await TestedBuilder(lab)
        try await tested.apply()
        _ = try await lab.here(
          """
          mkdir -p /root/bin
          printf '#!/bin/sh\\necho "$*" >>/root/asked\\nexec %s "$@"\\n' "$(command -v nix)" \
            >/root/bin/nix
          chmod 755 /root/bin/nix
          """)
        let path = try await lab.here("printf %s \"$PATH\"")
        let report = try await tested.test(
          ["--package", "/etc/nixos#hello"], environment: ["PATH": "/root/bin:\(path)"])
        #expect(report.passed)
        #expect(report.checks.last?.detail == "built by forge")
        let asked = try await lab.here("cat /root/asked").split(separator: "\n")
        #expect(asked.filter { $0.contains("package.nix") }.count == 1)
        #expect(asked.contains { $0.contains(" build ") && $0.contains(".drv") })
      }
    }
  }
}
