import Builders
import Fragments
import Testing

@testable import Checks

@Suite("The configuration of a test before installing")
struct WrittenConfigurationTests {
  private static let hostKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhvc3QgaG9zdCBob3N0IGhvc3QgaG9zdCBob3N0"

  private func builder() -> Builder {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.hostKey = Self.hostKey
    return builder
  }

  private let strict = """
      BatchMode yes
      StrictHostKeyChecking yes
      UserKnownHostsFile /tmp/x/known_hosts
      GlobalKnownHostsFile /dev/null
      ControlMaster no
      ControlPath none

    """

  @Test("it is the Host block that will be written, and strict")
  func hostBlock() {
    var builder = builder()
    builder.keyPath = "/root/100%"
    builder.hostBlock = false
    #expect(
      builder.temporaryConfiguration(knownHostsPath: "/tmp/x/known_hosts")
        == builder.hostBlockText() + strict)
    #expect(builder.hostBlockText().hasPrefix("Host forge\n"))
  }

  @Test("what ssh knows of a bastion holds for that one, and not for the builder")
  func bastion() {
    var builder = builder()
    builder.proxyJump = "jump"
    #expect(
      builder.temporaryConfiguration(knownHostsPath: "/tmp/x/known_hosts")
        == builder.hostBlockText()
        + strict + """
          Host * !forge
            Include ~/.ssh/config
            Include /etc/ssh/ssh_config

          """)
  }

  @Test("without a Host block, the command line and the machine line say the rest")
  func withoutHostBlock() throws {
    var builder = builder()
    builder.hostBlock = false
    #expect(
      builder.temporaryConfiguration(knownHostsPath: "/tmp/x/known_hosts") == "Host *\n" + strict)
    let directory = try #require(PrivateDirectory())
    defer { directory.remove() }
    let connection = try #require(Connection(written: builder, in: directory))
    let file = "\(directory.path)/ssh_config"
    #expect(
      connection.ssh("true", timeLimit: .seconds(1)).words.prefix(7)
        == ["ssh", "-F", file, "-i", "/root/.ssh/forge", "-o", "IdentitiesOnly=yes"])
    #expect(
      connection.ssh("true", timeLimit: .seconds(1)).words.suffix(3)
        == ["--", "nixremote@192.0.2.7", "true"])
    #expect(connection.nixEnvironment["NIX_SSHOPTS"] == "-F \(file)")
    #expect(connection.machine.text == builder.machineLine)
    #expect(
      readTextFile("\(directory.path)/known_hosts") == "192.0.2.7 \(Self.hostKey)\n")
  }
}
