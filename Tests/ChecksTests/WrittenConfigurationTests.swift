import Builders
import Fragments
import Testing

@testable import Checks
@testable import Processes
@testable import SSH

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

    """

  @Test("it is the Host block that will be written, and strict before it")
  func hostBlock() {
    var builder = builder()
    builder.keyPath = "/root/100%"
    builder.hostBlock = false
    #expect(
      builder.temporaryConfiguration(knownHostsPath: "/tmp/x/known_hosts")
        == "Host forge\n" + strict + builder.hostBlockText())
    #expect(builder.hostBlockText().hasPrefix("Host forge\n"))
  }

  @Test("what ssh knows of a bastion holds for that one, and not for the builder")
  func bastion() {
    var builder = builder()
    builder.proxyJump = "jump"
    #expect(
      builder.temporaryConfiguration(knownHostsPath: "/tmp/x/known_hosts")
        == "Host forge\n" + strict + builder.hostBlockText() + """
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
    #expect(
      connection.nixEnvironment["NIX_SSHOPTS"]
        == "-F \(file) -oControlMaster=no -oControlPath=none")
    #expect(connection.machine.text == builder.machineLine)
    #expect(
      readTextFile("\(directory.path)/known_hosts") == "192.0.2.7 \(Self.hostKey)\n")
  }

  @Test("no check overrides an answer: only what would make it ask, or lean on another connection")
  func overrides() throws {
    var builder = builder()
    builder.sshOptions = [
      "ConnectTimeout": "1m30s", "ControlMaster": "auto", "ControlPersist": "10m",
      "BatchMode": "no",
    ]
    let directory = try #require(PrivateDirectory())
    defer { directory.remove() }
    let connection = try #require(Connection(written: builder, in: directory))
    let command = connection.ssh("true", timeLimit: .seconds(15))
    #expect(
      command.words == [
        "ssh", "-F", "\(directory.path)/ssh_config", "-T", "-o", "BatchMode=yes", "-o",
        "StrictHostKeyChecking=yes", "-o", "ControlMaster=no", "-o", "ControlPath=none", "--",
        "forge", "true",
      ])
    #expect(command.timeLimit == .seconds(100))
    #expect(connection.nix(["store"], timeLimit: .seconds(20)).timeLimit == .seconds(105))
    #expect(connection.nix(["build"], timeLimit: nil).timeLimit == nil)
  }

  @Test(
    "how long ssh may take for connecting",
    arguments: [
      ("5", 5), ("90", 90), ("2m", 120), ("1h", 600), ("none", 120), (nil, 5),
      ("9999999", 600),
    ] as [(String?, Int)])
  func connectSeconds(text: String?, seconds: Int) {
    var builder = builder()
    builder.sshOptions["ConnectTimeout"] = text
    #expect(builder.connectSeconds == seconds)
  }
}
