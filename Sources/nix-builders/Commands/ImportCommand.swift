import ArgumentParser
import Base
import Builders
import Checks
import Features
import Fragments
import Processes

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take builders over from /etc/nix/machines, a nix.conf, or a NixOS configuration.",
    discussion: """
      Prints the builders that would be taken over, and on standard error what would not, each \
      with its place and the reason. Nothing is changed without --write.

      A file that ends in .nix, or a folder, is a module: Nix evaluates its nix.buildMachines and \
      those of the files it imports, without nixpkgs. A host of a flake (.#laptop) is evaluated \
      whole, with its nixpkgs. A file that ends in .conf is a nix.conf, of which its builders are \
      taken. What has a :// or begins with @ is the text of a builders setting. Any other file is \
      in the format of /etc/nix/machines.

      The Host blocks of ssh's configuration that belong to the machines are taken over with them, \
      and so is a public key that lies beside a private one, and the account from a \
      remote-HOST.nix beside the module.

      Exit codes: 0 also when single entries are left out, 65 when all of them are, 69 when there \
      is no such file.
      """)

  @OptionGroup var directory: DirectoryOption
  @Argument(
    help: ArgumentHelp(
      "A machines file, a nix.conf, a module or its folder, FLAKE#HOST, or a builders setting.",
      discussion: "", valueName: "source"),
    completion: .file())
  var source: String = "/etc/nix/machines"
  @Option(
    help: ArgumentHelp(
      "Read Host blocks from this file in place of this machine's own configuration.",
      valueName: "file"),
    completion: .file())
  var sshConfig: String?
  @Option(help: "Leave this builder out; give one option for each.")
  var except: [String] = []
  @Option(help: "Take only this builder over; give one option for each.")
  var only: [String] = []
  @Flag(help: "Keep what is taken over: write builders.json and the fragments.")
  var write = false
  @OptionGroup var writing: WriteOptions

  func validate() throws {
    if !write, writing.replaceEdited || writing.removeObsolete {
      throw ValidationError("--replace-edited and --remove-obsolete go with --write.")
    }
  }

  func run() async throws {
    ChildProcesses.endOnCrash()
    ChildProcesses.endOnTermination()
    if write { try directory.recover() }
    let stored = try directory.storedInventory(mayBeMissing: true)
    var result = await Import.read(
      ImportSource(source), into: stored?.inventory ?? Inventory(), sshConfiguration: sshConfig)
    try choose(among: &result)
    report(result)
    if result.builders.isEmpty, result.local == nil { return try endWithoutBuilders(result) }
    guard write else { return complain("Nothing was changed. With --write this is kept.") }
    try await writing.write(
      result.imported, to: directory.outputDirectory,
      previous: stored.map { .bytes($0.bytes) } ?? .missing)
  }

  private func choose(among result: inout ImportResult) throws {
    let found = result.builders.map(\.alias)
    if let unknown = (except + only).first(where: { !found.contains($0) }) {
      let names = found.isEmpty ? "There is none." : "There are: \(found.joined(separator: ", "))."
      complain("No builder \(unknown) is taken over. \(names)")
      throw ExitCode.validationFailure
    }
    result.keep { only.isEmpty || only.contains($0.alias) }
    result.keep { !except.contains($0.alias) }
  }

  /// Ends with a fault unless everything is there already, or nothing was to be imported.
  private func endWithoutBuilders(_ result: ImportResult) throws {
    let kinds = result.notes.map(\.kind)
    if kinds.contains(.missing) { throw ExitCode.missing }
    if kinds.contains(.leftOut), !kinds.contains(.known) { throw ExitCode.badData }
  }

  private func report(_ result: ImportResult) {
    if !result.builders.isEmpty {
      for line in result.builders.table { Output.line("\(line)") }
    }
    for builder in result.builders where !builder.optionNames.isEmpty {
      complain("\(builder.alias) keeps \(builder.optionNames.joined(separator: ", "))")
    }
    for note in result.notes { complain("\(note.kind.text): \(note)") }
    if let local = result.local {
      let settings = local.settingsText().unicodeScalars.lines.strings.joined(separator: " ")
      complain("settings of this machine: \(settings)")
    }
  }
}

extension ImportNote.Kind {
  fileprivate var text: String {
    switch self {
    case .missing: "missing"
    case .leftOut: "left out"
    case .incomplete, .unreadable: "note"
    case .known: "there already"
    }
  }
}
