import Glibc
import Testing
import TestSupport

@testable import Checks
@testable import Nix
@testable import Processes

@Suite struct WatchedCommandTests {
  @Test(
    "Nix is told to print its internal-json, unless told otherwise",
    arguments: [
      ("nix build .#a", "nix --log-format internal-json build .#a"),
      ("/run/current-system/sw/bin/nix-build -A a", "* --log-format internal-json -A a"),
      ("nix build --log-format bar", "nix build --log-format bar"),
      ("nix run .#a -- --log-format x", "nix --log-format internal-json run .#a -- --log-format x"),
      ("nix build -L .#a", "nix --log-format internal-json build .#a"),
      ("nix build .#L --print-build-logs", "nix --log-format internal-json build .#L"),
      ("nix build -vL --max-jobs 0", "nix --log-format internal-json build -v --max-jobs 0"),
      ("nix shell a -c ls -L", "nix --log-format internal-json shell a -c ls -L"),
      ("make nix", "make nix"), ("nixos-rebuild switch", "nixos-rebuild switch"),
    ])
  func askingForJSON(typed: String, run: String) {
    let words = typed.split(separator: " ").map(String.init)
    let expected = run.split(separator: " ").map { $0 == "*" ? words[0] : String($0) }
    #expect(InternalJSON.asking(words) == expected)
  }

  private func text(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    close(descriptor)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("both streams go into the pipe in their order, and it ends with the command")
  func streams() async throws {
    let command = try await WatchedCommand.start(["sh", "-c", "echo a; echo b >&2; echo c; exit 5"])
    #expect(text(command.log) == "a\nb\nc\n")
    #expect(await command.status() == 5)
  }

  @Test("one that takes no notice of an interrupt is killed")
  func stubborn() async throws {
    let command = try await WatchedCommand.start(
      ["sh", "-c", "trap '' INT; echo $$; while :; do sleep 1; done"])
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(command.log, &buffer, buffer.count)
    let process = try #require(
      pid_t(String(decoding: buffer[..<max(0, count - 1)], as: UTF8.self)))
    await command.end()
    #expect(kill(process, 0) == -1)
    #expect(await command.status() == 128 + SIGKILL)
    close(command.log)
  }

  @Test("a program that is not there is said so")
  func missing() async {
    let error = await #expect(throws: WatchedCommand.StartError.self) {
      _ = try await WatchedCommand.start(["no-such-program"])
    }
    #expect(error?.description == "no-such-program: there is no such program")
  }
}
