import Base
import Builders
import Checks
import Processes

/// One of the two machines, as seen by this process.
public struct Machine: Equatable, Sendable {
  /// Its first process. As long as that one lives the machine does.
  public let pid: Int32
  /// What it calls itself.
  public let hostName: String
  /// Variables of its programs that differ from this program's own.
  public private(set) var environment: [String: String?]

  /// What the local machine calls itself.
  static let localName = "laptop"
  /// What the builder calls itself.
  static let builderName = "forge"

  init(pid: Int32, hostName: String, programs: Programs) {
    self.pid = pid
    self.hostName = hostName
    environment = programs.environment
  }

  /// Sets a variable of every program.
  func setting(_ name: String, to value: String) -> Machine {
    var machine = self
    machine.environment[name] = value
    return machine
  }

  /// What comes before the words of a command that is to run on this machine.
  public var entrance: [String] {
    ["nsenter", "--target", "\(pid)", "--mount", "--uts", "--ipc", "--net", "--pid"]
  }

  /// A command that runs on this machine, as root and in its root directory.
  public func command(
    _ words: [String], environment changes: [String: String?] = [:], input: [UInt8]? = nil,
    timeLimit: Duration? = .seconds(60)
  ) -> Command {
    Command(
      entrance + ["--"] + words, environment: environment.merging(changes) { $1 }, input: input,
      timeLimit: timeLimit)
  }

  /// A shell script that runs on this machine and ends at the first step that fails.
  func script(_ text: String) -> Command {
    command(["sh", "-eus"], input: Array(text.utf8))
  }

  /// Runs a script.
  func run(_ step: String, _ text: String) async throws(PracticeError) {
    let result = await script(text).run()
    if result.succeeded { return }
    throw .failed(step: "\(step) (\(hostName))", reason: result.reason)
  }
}

extension Command.Result {
  /// Why it failed: what it said, or else how it ended.
  var reason: String {
    let said = error.unicodeScalars.filledLines.strings.joined(separator: "; ")
    return said.isEmpty ? "\(ending)" : said
  }
}

/// The line of a script that writes a file.
func writing(_ text: String, to path: String) -> String {
  "printf '%s' \(Shell.quoted(text)) >\(path)"
}
