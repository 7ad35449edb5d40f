import ArgumentParser
import Glibc
import Practice

extension Rebuild: ExpressibleByArgument {}

struct PracticeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "practice",
    abstract: "Practise on a real second machine made on this computer.",
    discussion: """
      Makes two machines out of namespaces, one that is set up as the local machine and one as \
      its builder, and opens the wizard on the first. Nothing of this computer's own Nix, ssh, \
      users or network is touched, and nothing is left behind but the files in a folder that is \
      named with --directory. Needs root.

      After "--" a command of your own runs on the local machine instead of the wizard:
        nix-builders practice -- bash
      and in there, once the fragments are written, this applies them on both machines:
        nix-builders practice --apply ALIAS
      """)

  @Option(help: "The port of the builder's sshd.")
  var port = 22

  @OptionGroup var directory: DirectoryOption
  @Option(
    help: ArgumentHelp(
      "On the local machine of practice: apply the written fragments of a builder.",
      valueName: "alias"))
  var apply: String?

  @Option(help: .hidden)
  var rebuild: Rebuild?

  @Argument(parsing: .postTerminator, help: "A command to run on the local machine instead.")
  var command: [String] = []

  func validate() throws {
    guard (1...65535).contains(port) else {
      throw ValidationError("--port: a number from 1 to 65535 was expected.")
    }
  }

  func run() async throws {
    if let rebuild { return try await rebuildConfiguration(of: rebuild) }
    if let apply { return try await applyFragments(of: apply) }
    let missing = await Practice.missing()
    guard missing.isEmpty else {
      complain("practice cannot run here. What is missing:")
      for requirement in missing { complain("  \(requirement)") }
      throw ExitCode.missing
    }
    var options = PracticeOptions()
    options.port = port
    options.program = OwnProgram.path
    options.keptFolder = try keptFolder
    let machines: PracticeMachines
    do {
      machines = try await PracticeMachines.start(options)
    } catch {
      complain("practice could not make its machines. \(error)")
      throw ExitCode.missing
    }
    let status: Int32
    do {
      status = try await machines.runHere(command.isEmpty ? wizard : command)
    } catch {
      await machines.stop()
      complain("\(error)")
      throw ExitCode.missing
    }
    await machines.stop()
    if status == 127, let name = command.first { complain("\(name): no such program") }
    throw ExitCode(status)
  }

  private var wizard: [String] {
    let folder = directory.directory == nil ? nil : directory.outputDirectory.path.string
    return [OwnProgram.path] + (folder.map { ["--directory", $0] } ?? [])
  }

  /// The files of practice are the machine's own, and gone with it, unless a folder is named.
  private var keptFolder: String? {
    get throws {
      guard directory.directory != nil else { return nil }
      let path = directory.outputDirectory.path.string
      if mkdir(path, 0o755) == 0 || errno == EEXIST { return path }
      complain("\(path): \(String(cString: strerror(errno)))")
      throw ExitCode.notWritten
    }
  }

  /// As `nixos-rebuild`, on a machine of practice.
  private func rebuildConfiguration(of machine: Rebuild) async throws {
    do {
      try await machine.run(command) { Output.line("\($0)") }
    } catch {
      complain("error: \(error)")
      throw ExitCode.checkFailed
    }
  }

  private func applyFragments(of alias: String) async throws {
    switch await PracticeApplication.apply(alias, from: directory.outputDirectory) {
    case .success(let lines): for line in lines { Output.line("\(line)") }
    case .failure(let error):
      complain("\(error.reason)")
      throw ExitCode.checkFailed
    }
  }
}
