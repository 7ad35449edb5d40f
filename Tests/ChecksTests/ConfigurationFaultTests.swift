import Builders
import Fragments
import Testing

@testable import Checks
@testable import Processes
@testable import SSH

@Suite("What is wrong with what is installed") struct ConfigurationFaultTests {
  private let builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])

  @Test(
    "a file that sets builders is recognised",
    arguments: [
      ("builders = ssh://a", true), ("max-jobs = 1\n  builders =\n", true),
      ("builders-use-substitutes = true", false), ("# builders = x", false), ("", false),
      ("extra-builders = a", false),
    ])
  func builders(text: String, expected: Bool) {
    #expect(InstalledConfiguration.setsBuilders(text) == expected)
  }

  @Test(
    "a Host block is found by its name",
    arguments: [
      ("Host forge\n", true), ("host other forge\n", true), ("Host=\"forge\"", true),
      ("Host forge2", false), ("Match host forge", false), ("", false),
    ])
  func hostBlock(text: String, expected: Bool) {
    #expect(InstalledConfiguration.hasHostBlock("forge", text) == expected)
  }

  @Test("a host key of another port is found in known_hosts")
  func otherPort() {
    let key = "ssh-ed25519 AAAAC3"
    let known = "# all\n[192.0.2.7]:2222,[forge]:2222 \(key) me\n192.0.2.9 \(key)\n"
    #expect(HostKey.port(of: "192.0.2.7", withKey: key, in: known) == 2222)
    #expect(HostKey.port(of: "forge", withKey: key, in: known) == 2222)
    #expect(HostKey.port(of: "192.0.2.9", withKey: key, in: known) == nil)
    #expect(HostKey.port(of: "192.0.2.7", withKey: "ssh-ed25519 BBBB", in: known) == nil)
  }

  @Test("a clock counts as wrong from a minute on, beyond what the login took")
  func clock() {
    var facts = RemoteFacts(output: "nix-builders: begin\nnix-builders: time 1000\n")
    #expect(facts?.time == 1000)
    #expect(facts?.clockDifference(990, 1010) == nil)
    #expect(facts?.clockDifference(900, 940) == nil)
    #expect(facts?.clockDifference(900, 939) == 61)
    #expect(facts?.clockDifference(1061, 1070) == -61)
    facts?.time = nil
    #expect(facts?.clockDifference(0, 0) == nil)
    #expect(
      Diagnosis.clockDiffers(builder, seconds: 90).cause.hasPrefix(
        "The clock of forge is 90 s ahead of this machine's."))
    #expect(
      Diagnosis.clockDiffers(builder, seconds: -7200).cause.hasPrefix(
        "The clock of forge is 120 min behind this machine's."))
  }

  @Test("without a Host block the host key of the machine's line is what ssh is to know")
  func installedConnection() throws {
    var builder = builder
    builder.hostBlock = false
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhvc3QgaG9zdCBob3N0IGhvc3QgaG9zdCBob3N0"
    builder.hostKey = key
    let directory = try #require(PrivateDirectory())
    defer { directory.remove() }
    let machine = try NixMachine(builder.machineLine)
    let connection = try #require(Connection(installed: machine, of: builder, in: directory))
    let file = "\(directory.path)/known_hosts"
    #expect(connection.sshOptions.suffix(2) == ["-o", "UserKnownHostsFile=\(file)"])
    #expect(readTextFile(file) == "192.0.2.7 \(key)\n")
    builder.hostBlock = true
    let line = try NixMachine(builder.machineLine)
    let usual = try #require(Connection(installed: line, of: builder, in: directory))
    #expect(usual.sshOptions == [])
  }
}
