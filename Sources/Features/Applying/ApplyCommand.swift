import Base
import Processes
import SSH

/// One of the commands that apply a fragment, as it is shown and as it is run.
public struct ApplyCommand: Equatable, Sendable {
  /// Where it runs; `nil` for this machine.
  public var login: AdministratorLogin?
  /// What a shell is given there; `nil` for the connection alone, which the others then share.
  public var script: String?
  /// The file on this machine that it reads.
  public var inputFile: String?
  /// Whether its output is for this program.
  public var capturesOutput = false
  /// Whether it needs a terminal at its own end too, for sudo to ask on.
  public var wantsTerminal = false
  /// Whether it asks nothing, and is to be over soon.
  public var isUnattended = false

  /// Creates a command.
  public init(
    login: AdministratorLogin?, script: String? = nil, inputFile: String? = nil,
    capturesOutput: Bool = false, wantsTerminal: Bool = false,
    isUnattended: Bool = false
  ) {
    self.login = login
    self.script = script
    self.inputFile = inputFile
    self.capturesOutput = capturesOutput
    self.wantsTerminal = wantsTerminal
    self.isUnattended = isUnattended
  }

  /// The command as one would type it. What lets several of them share a connection is left out.
  public var text: String {
    guard let login else { return script ?? "" }
    let words = login.words(options: options).map(Shell.quoted).joined(separator: " ")
    let rest = script.map { " " + Self.quoted($0) } ?? ""
    return words + rest + (inputFile.map { " <" + Shell.quoted($0) } ?? "")
  }

  private var options: [String] {
    if script == nil { return ["-M", "-N"] }
    return wantsTerminal ? ["-t"] : []
  }

  /// The command as it is run.
  ///
  /// - Parameter connection: what the commands share.
  public func terminalCommand(over connection: AdministratorConnection?) -> TerminalCommand {
    guard let login else {
      return TerminalCommand(
        ["sh", "-c", script ?? ""], inputFile: inputFile, capturesOutput: capturesOutput)
    }
    let shared = connection?.options(for: login) ?? []
    return TerminalCommand(
      login.words(options: options + shared) + [script].compactMap(\.self), inputFile: inputFile,
      capturesOutput: capturesOutput, readyFile: script == nil ? connection?.socket : nil,
      person: login.person, timeLimit: isUnattended ? TimeLimits.facts : nil)
  }

  /// A script as a word of the shell's: in double quotes where it has single ones itself and nothing
  /// that would mean something within the others.
  private static func quoted(_ script: String) -> String {
    let scalars = script.unicodeScalars
    let means =
      scalars.contains { $0.isLineEnd || "\"$`!".unicodeScalars.contains($0) }
      || scalars.contains("\\\\")
    return scalars.contains("'") && !means ? "\"\(script)\"" : Shell.quoted(script)
  }
}
