import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A command that shares the terminal of this program: what it asks the person answers there.
package struct AttendedCommand {
  package var words: [String]
  /// As whom it runs; `nil` for whoever this program runs as.
  package var person: InvokingPerson?
  /// A file that it reads; `nil` for the terminal.
  package var inputFile: String?
  /// Whether its output is for this program, and not for the terminal.
  package var capturesOutput: Bool

  package init(
    words: [String], person: InvokingPerson? = nil, inputFile: String? = nil,
    capturesOutput: Bool = true
  ) {
    self.words = words
    self.person = person
    self.inputFile = inputFile
    self.capturesOutput = capturesOutput
  }

  /// Runs it; the result has what was captured.
  package func run() async -> Command.Result {
    var result = await started()
    if let person { result.ending = person.ending(of: result) }
    return result
  }

  private func started() async -> Command.Result {
    do {
      guard let inputFile else { return try await run(input: .currentStandardInput) }
      let file = try FileDescriptor.open(inputFile, .readOnly, options: .closeOnExec)
      return try await run(input: .fileDescriptor(file, closeAfterSpawningProcess: true))
    } catch {
      return Command.Result(ending: Command.ending(of: error), output: "", error: "")
    }
  }

  private func run(input: FileDescriptorInput) async throws -> Command.Result {
    if !capturesOutput {
      let outcome = try await Subprocess.run(
        configuration, input: input, output: .currentStandardOutput, error: .currentStandardError)
      return Command.Result(
        ending: Command.Ending(outcome.terminationStatus), output: "", error: "")
    }
    let outcome = try await Subprocess.run(
      configuration, input: input, output: .sequence, error: .currentStandardError
    ) { execution in
      var output = Capture()
      for try await buffer in execution.standardOutput {
        output.append(buffer.withUnsafeBytes { Array($0) })
      }
      return output
    }
    return Command.Result(
      ending: Command.Ending(outcome.terminationStatus), output: outcome.closureResult.text,
      error: "")
  }

  private var configuration: Configuration {
    var variables: [Environment.Key: String?] = [:]
    if let person, person.isOther {
      for (name, value) in person.variables {
        if let key = Environment.Key(rawValue: name) { variables[key] = .some(value) }
      }
    }
    let words = person?.starting(words) ?? words
    return Configuration(
      executable: Command.executable(words.first ?? ""),
      arguments: Arguments(Array(words.dropFirst())), environment: .inherit.updating(variables))
  }
}
