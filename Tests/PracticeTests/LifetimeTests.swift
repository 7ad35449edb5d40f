import Checks
import FoundationEssentials
import Glibc
import Processes
import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  @Suite struct Lifetime {
    /// What of the computer must be the same afterwards.
    private func traces() async throws -> [String: String] {
      let looks = [
        "mounts": "cat /proc/self/mountinfo",
        "links": "ip -o link; ip -o addr; ip netns; ip route",
        "users": "cat /etc/passwd /etc/group /etc/shadow; id nixremote 2>&1 || :",
        "files": "stat -c '%n %A %U %G' /* /etc/* /home/* /root /root/.ssh /run /nix/* 2>&1 || :",
        "ssh": "cat /etc/ssh/* /root/.ssh/* 2>/dev/null | cksum",
        "name": "hostname",
      ]
      var found: [String: String] = [:]
      for (name, script) in looks {
        found[name] = await Command(["sh", "-c", script], timeLimit: .seconds(10)).run().output
      }
      return found
    }

    /// Expects the computer to be as it was.
    private func expectNoTraces(
      since before: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      for (name, now) in try await traces() {
        let then = before[name]?.split(separator: "\n") ?? []
        // Who else works on this computer may take something away meanwhile.
        let added = now.split(separator: "\n").filter { !then.contains($0) }
        #expect(added == [], "\(name)", sourceLocation: sourceLocation)
      }
    }

    @Test("they start within a second or so, and nothing is left when they are stopped")
    func stop() async throws {
      let before = try await traces()
      let start = ContinuousClock.now
      let machines = try await PracticeMachines.start()
      let took = ContinuousClock.now - start
      #expect(took < .seconds(5), "\(took)")
      let processes = RunningProcess.all(on: machines.local, machines.builder)
      #expect(processes.count == 4)
      try await expectNoTraces(since: before)
      await machines.stop()
      #expect(processes.filter(\.isAlive) == [])
      try await expectNoTraces(since: before)
    }

    @Test("two at once do not disturb each other")
    func two() async throws {
      try await Lab.with { one in
        try await Lab.with { two in
          try await one.applyBoth()
          let keys = [try await one.hostKey(), try await two.hostKey()]
          #expect(keys[0] != keys[1])
          #expect(try await two.there("id nixremote 2>&1 || :").contains("no such user"))
          await two.machines.stop()
          #expect(await one.build().run().succeeded)
        }
      }
    }

    @Test("machines that nobody holds any more end")
    func released() async throws {
      var machines: PracticeMachines? = try await PracticeMachines.start()
      let processes = RunningProcess.all(on: machines?.local, machines?.builder)
      #expect(processes.count == 4)
      machines = nil
      #expect(await processes.areGone())
    }

    /// Starts the command in a session of its own, so that nothing but itself can end what it has
    /// started; sends it a signal when its own program runs, and waits for its end.
    private func end(
      by signal: Int32, first: String = "", running script: String
    ) async throws -> (status: String, output: String, gone: Bool) {
      let (lines, continuation) = AsyncStream.makeStream(of: String.self)
      // The second that it waits is for what the program says after its supervisor is dead.
      let start = """
        setsid "$0" practice -- sh -c "$1" &
        echo "supervisor $!"
        wait $!
        echo "status $?"
        sleep 1
        """
      let announced = """
        \(first)
        builder=${NIX_BUILDERS_PRACTICE%% *}
        echo in $(readlink /proc/self/ns/pid /proc/self/ns/net /proc/$builder/ns/pid) .
        \(script)
        """
      let command = Command(
        ["sh", "-c", start, program, announced], timeLimit: .seconds(60))
      async let ended = command.run { _, bytes in
        continuation.yield(String(decoding: bytes, as: UTF8.self))
      }
      var seen = ""
      for await text in lines {
        seen += text
        if seen.contains(" .\n") { break }
      }
      let words = seen.split(whereSeparator: \.isWhitespace).map(String.init)
      let supervisor = try #require(
        words.firstIndex(of: "supervisor").flatMap { pid_t(words[$0 + 1]) })
      let mark = try #require(words.firstIndex(of: "in"))
      let processes = RunningProcess.all(in: Array(words[(mark + 1)...(mark + 3)]))
      // The first process of each machine, sshd, nix-daemon and the program.
      #expect(processes.count >= 5)
      kill(supervisor, signal)
      let output = await ended.output
      let status = output.split(separator: "\n").last { $0.hasPrefix("status ") } ?? ""
      return (String(status.dropFirst(7)), output, await processes.areGone())
    }

    @Test(
      "SIGTERM, SIGHUP and SIGINT reach the program and leave nothing",
      arguments: [SIGTERM, SIGHUP, SIGINT])
    func signals(signal: Int32) async throws {
      let before = try await traces()
      let end = try await end(
        by: signal, first: "trap 'echo told; exit 7' TERM HUP INT",
        running: "while :; do sleep 0.02; done")
      #expect(end.output.contains("told\n"))
      #expect(end.status == "7")
      #expect(end.gone)
      try await expectNoTraces(since: before)
    }

    @Test("the program that a signal ends leaves nothing either")
    func signalled() async throws {
      let end = try await end(by: SIGTERM, running: "exec sleep 600")
      #expect(end.status == "143")
      #expect(end.gone)
    }

    @Test("kill -9 leaves nothing, and the next start works")
    func killed() async throws {
      let before = try await traces()
      // Neither this program nor what it has left running may stay.
      let end = try await end(
        by: SIGKILL, first: "(trap '' TERM HUP; setsid sleep 600) & trap '' TERM HUP",
        running: "sleep 600; sleep 600")
      #expect(end.status == "137")
      #expect(end.gone)
      try await expectNoTraces(since: before)
      try await Lab.with { lab in
        let name = try await lab.here("hostname")
        #expect(name == "laptop\n")
      }
    }

    @Test("a program is asked to end before it is killed with the machines")
    func asked() async throws {
      let end = try await end(
        by: SIGKILL, first: "trap 'echo asked; exit' TERM", running: "while :; do sleep 0.02; done")
      #expect(end.output.contains("asked\n"))
      #expect(end.gone)
    }
  }
}
