import Checks
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Practice

extension MachineTests {
  @Suite struct Lifetime {
    /// What of the computer must be the same afterwards.
    private func traces() async throws -> [String: String] {
      let looks = [
        "mounts": "cat /proc/self/mountinfo",
        "links": "ip -o link; ip -o addr; ip netns; ip route",
        "users": "cat /etc/passwd /etc/group /etc/shadow; id nixremote 2>&1 || :",
        "files": "stat -c '%n %A %U %G' /* /etc/* /root /root/.* /run/* /nix/* 2>&1 || :",
        "ssh": "cat /etc/ssh/* /root/.ssh/* 2>/dev/null | cksum",
        "name": "hostname",
      ]
      var found: [String: String] = [:]
      for (name, script) in looks {
        found[name] = await Command(["sh", "-c", script], timeLimit: .seconds(10)).run().output
      }
      return found
    }

    /// The namespace of a process, such as `pid:[4026532280]`.
    private func namespace(_ pid: some CustomStringConvertible, _ kind: String) -> String? {
      let place = "/proc/\(pid)/ns/\(kind)"
      return try? FileManager.default.destinationOfSymbolicLink(atPath: place)
    }

    /// The ids of the processes in any of some namespaces. One that has ended and that only the
    /// computer's first process has yet to take note of is none any more.
    private func processes(in namespaces: [String]) -> [String] {
      let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return all.filter { pid in
        guard let id = pid_t(pid), !isZombie(id) else { return false }
        return ["pid", "net", "mnt"].contains { kind in
          namespace(pid, kind).map(namespaces.contains) ?? false
        }
      }
    }

    private func namespaces(of machines: [Machine]) -> [String] {
      machines.flatMap { machine in
        ["pid", "net", "mnt"].compactMap { namespace(machine.pid, $0) }
      }
    }

    @Test("they start within a second or so, and nothing is left when they are stopped")
    func stop() async throws {
      let before = try await traces()
      let start = ContinuousClock.now
      let machines = try await PracticeMachines.start()
      let took = ContinuousClock.now - start
      #expect(took < .seconds(5), "\(took)")
      let own = namespaces(of: [machines.local, machines.builder])
      #expect(own.count == 6)
      #expect(processes(in: own).count >= 4)
      #expect(try await traces() == before)
      await machines.stop()
      #expect(processes(in: own) == [])
      #expect(try await traces() == before)
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
      let own = namespaces(of: [machines?.local, machines?.builder].compactMap { $0 })
      #expect(own.count == 6)
      machines = nil
      #expect(await isGone(own))
    }

    /// Whether nothing is left in some namespaces before long.
    private func isGone(_ namespaces: [String]) async -> Bool {
      for _ in 0..<500 {
        if processes(in: namespaces).isEmpty { return true }
        try? await Task.sleep(for: .milliseconds(10))
      }
      return false
    }

    /// Starts the command in a session of its own, so that nothing but itself can end what it has
    /// started; sends it a signal when its own program runs, and waits for its end.
    private func end(
      by signal: Int32, running script: String
    ) async throws -> (status: String, output: String, gone: Bool) {
      let (lines, continuation) = AsyncStream.makeStream(of: String.self)
      let start = """
        setsid "$0" practice -- sh -c "$1" &
        echo "supervisor $!"
        wait $!
        echo "status $?"
        """
      let announced =
        "echo \"in $(echo $(readlink /proc/self/ns/pid /proc/self/ns/net)) .\"; \(script)"
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
      let own = Array(words[(mark + 1)...(mark + 2)])
      #expect(processes(in: own).count >= 2)
      kill(supervisor, signal)
      let output = await ended.output
      let status = output.split(separator: "\n").last { $0.hasPrefix("status ") } ?? ""
      return (String(status.dropFirst(7)), output, await isGone(own))
    }

    @Test(
      "SIGTERM, SIGHUP and SIGINT reach the program and leave nothing",
      arguments: [SIGTERM, SIGHUP, SIGINT])
    func signals(signal: Int32) async throws {
      let before = try await traces()
      let script = "trap 'echo told; exit 7' TERM HUP INT; while :; do sleep 0.02; done"
      let end = try await end(by: signal, running: script)
      #expect(end.output.contains("told\n"))
      #expect(end.status == "7")
      #expect(end.gone)
      #expect(try await traces() == before)
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
      let script = "(trap '' TERM HUP; setsid sleep 600) & trap '' TERM HUP; sleep 600; sleep 600"
      let end = try await end(by: SIGKILL, running: script)
      #expect(end.status == "137")
      #expect(end.gone)
      #expect(try await traces() == before)
      try await Lab.with { lab in
        let name = try await lab.here("hostname")
        #expect(name == "laptop\n")
      }
    }

    @Test("a program is asked to end before it is killed with the machines")
    func asked() async throws {
      let script = "trap 'echo asked; exit' TERM; while :; do sleep 0.02; done"
      let end = try await end(by: SIGKILL, running: script)
      #expect(end.output.contains("asked\n"))
      #expect(end.gone)
    }
  }
}
