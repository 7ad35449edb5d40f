import Base

/// One of the commands that apply a fragment, as it is shown and as it is run.
public struct ApplyCommand: Equatable, Sendable {
  /// Where it runs; `nil` for this machine.
  public var login: AdministratorLogin?
  /// What a shell is given there; `nil` for the connection alone.
  public var script: String?
  /// The file on this machine that it reads.
  public var inputFile: String?
  /// Whether its output is for this program.
  public var capturesOutput = false
  /// Whether it needs a terminal at its own end too, for sudo to ask on.
  public var wantsTerminal = false

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
      capturesOutput: capturesOutput, readyFile: script == nil ? connection?.socket : nil)
  }

  /// A script as a word of the shell's: in double quotes where it has single ones itself and nothing
  /// that would mean something within the others.
  private static func quoted(_ script: String) -> String {
    let means = script.contains { "\"$`!".contains($0) } || script.contains("\\\\")
    return script.contains("'") && !means ? "\"\(script)\"" : Shell.quoted(script)
  }
}

/// A connection that several commands share, so that ssh asks once. It lives in a directory that
/// nobody else may read.
public struct AdministratorConnection: Sendable {
  private let directory: PrivateDirectory
  /// The connection's socket.
  let socket: String
  private let knownHosts: String

  /// Makes the place for a connection; `nil` when that is impossible.
  public init?() {
    guard let directory = PrivateDirectory() else { return nil }
    self.directory = directory
    socket = "\(directory.path)/ssh"
    knownHosts = "\(directory.path)/known_hosts"
  }

  /// The options of ssh with which a command goes over it.
  func options(for login: AdministratorLogin) -> [String] {
    var options = ["-o", "ControlPath=\(socket)", "-o", "ControlPersist=no"]
    if let key = login.hostKey, directory.write("\(login.host) \(key)\n", to: "known_hosts") != nil
    {
      // The key that was accepted before is the only one that is right, whatever the port.
      options += [
        "-o", "HostKeyAlias=\(login.host)", "-o", "UserKnownHostsFile=\(knownHosts)",
        "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes",
      ]
    }
    return options
  }

  /// Removes the place; the connection has to be over.
  public func remove() { directory.remove() }
}
