import Foundation
import Glibc
import Synchronization
import Testing

@testable import Checks
@testable import Processes
@testable import SSH

/// Who started the program, and programs that run as they.
@Suite(.timeLimit(.minutes(1))) struct InvokingPersonTests {
  private static let isRoot = geteuid() == 0
  /// An account that every machine has, and that is nobody's.
  private static let nobody = getpwnam("nobody")?.pointee.pw_uid ?? 65534

  @Test("without sudo it is whoever runs the program")
  func plain() {
    let person = InvokingPerson.find(environment: [:])
    #expect(person.userID == geteuid())
    #expect(!person.isOther)
    #expect(person.home.hasPrefix("/"))
  }

  @Test(
    "sudo and doas say who it is, by number or by name", .enabled(if: isRoot),
    arguments: [
      ["SUDO_UID": "\(nobody)", "SUDO_USER": "root"], ["SUDO_USER": "nobody"],
      ["DOAS_USER": "nobody"],
    ])
  func sudo(environment: [String: String]) {
    let person = InvokingPerson.find(environment: environment)
    #expect(person.name == "nobody")
    #expect(person.userID == Self.nobody)
    #expect(person.isOther)
  }

  @Test(
    "what names no account is not believed",
    arguments: [["SUDO_UID": "4000000001"], ["SUDO_UID": "x"], ["SUDO_USER": "no-such-account"]])
  func unknown(environment: [String: String]) {
    #expect(InvokingPerson.find(environment: environment).userID == geteuid())
  }

  @Test("an agent's socket counts only when it is theirs", .enabled(if: isRoot))
  func agent() throws {
    let directory = try #require(PrivateDirectory())
    defer { directory.remove() }
    let path = "\(directory.path)/agent"
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound)
    let environment = ["SUDO_USER": "nobody", "SSH_AUTH_SOCK": path]
    #expect(InvokingPerson.find(environment: environment).agentSocket == nil)
    try #require(chown(path, Self.nobody, 0) == 0)
    #expect(InvokingPerson.find(environment: environment).agentSocket == path)
    #expect(
      InvokingPerson.find(environment: ["SSH_AUTH_SOCK": path]).agentSocket == nil)
  }

  @Test("a program on a terminal runs as they, with their home and groups", .enabled(if: isRoot))
  func program() async throws {
    let person = InvokingPerson(
      name: "nobody", userID: Self.nobody, groupID: 65534, groups: [65534, 4321], home: "/var/tmp")
    let script = """
      id -u; id -g; id -G; echo $HOME $USER $LOGNAME; pwd; echo x >/dev/tty; \
      [ -w "$(tty)" ] && echo opens its terminal; echo "${SUDO_UID-none}"
      """
    let command = TerminalCommand(
      ["sh", "-c", script], environment: ["SUDO_UID": "1"], capturesOutput: false, person: person)
    let printed = Printed()
    let result = await command.run(typed: TypedInput()) { event in
      if case .printed(let bytes) = event { await printed.append(bytes) }
    }
    #expect(result.ending == .exited(0))
    #expect(
      await printed.text.split(whereSeparator: \.isNewline).map(String.init) == [
        "\(Self.nobody)", "65534", "65534 4321", "/var/tmp nobody nobody", "/var/tmp", "x",
        "opens its terminal", "1",
      ])
  }

  private actor Printed {
    private var bytes: [UInt8] = []
    var text: String { String(decoding: bytes, as: UTF8.self) }
    func append(_ more: [UInt8]) { bytes += more }
  }

  @Test("the place of their connection is theirs, what is around it is not", .enabled(if: isRoot))
  func connection() throws {
    let connection = try #require(
      AdministratorConnection(
        for: InvokingPerson(
          name: "nobody", userID: Self.nobody, groupID: 65534, home: "/")))
    let folders = connection.socket.split(separator: "/")
    let place = "/" + folders.dropLast().joined(separator: "/")
    let around = "/" + folders.dropLast(2).joined(separator: "/")
    var status = stat()
    #expect(stat(place, &status) == 0)
    #expect(status.st_uid == Self.nobody)
    #expect(status.st_mode & 0o777 == 0o700)
    #expect(stat(around, &status) == 0)
    #expect(status.st_uid == geteuid())
    #expect(status.st_mode & 0o777 == 0o711)
    connection.remove()
    #expect(stat(around, &status) != 0)
  }

  @Test(
    "starting a program as another person waits for no thread of this one", .enabled(if: isRoot))
  func startsAmongNewThreads() async {
    let isOver = Mutex(false)
    // Threads that are just being made are what the C library's setuid waits for.
    let threads = Thread { while !isOver.withLock({ $0 }) { Thread.detachNewThread {} } }
    threads.start()
    defer { isOver.withLock { $0 = true } }
    for _ in 0..<60 {
      let command = Command(["id", "-u"], timeLimit: .seconds(20), as: person)
      #expect(await command.run().output == "\(Self.nobody)\n")
    }
  }

  @Test("what is missing is told: the program, not what starts it", .enabled(if: isRoot))
  func missingProgram() async {
    let person = self.person
    #expect(await Command(["no-such-program"], timeLimit: nil, as: person).run().ending == .missing)
    let gone = Command.Result(ending: .missing, output: "", error: "")
    #expect(
      person.ending(of: gone)
        == .notStarted("setpriv, which starts programs as nobody, is not installed"))
  }

  private var person: InvokingPerson {
    InvokingPerson(name: "nobody", userID: Self.nobody, groupID: Self.nobody, home: "/")
  }
}
