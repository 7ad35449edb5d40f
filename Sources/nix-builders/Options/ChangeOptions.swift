import ArgumentParser
import Base
import Builders
import Fragments
import Nix

/// Where a change of the inventory is kept.
struct ChangeOptions: ParsableArguments {
  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Write the fragments too; otherwise builders.json alone changes.")
  var write = false
  @OptionGroup var writing: WriteOptions

  func validate() throws {
    if !write, writing.replaceEdited || writing.removeObsolete {
      throw ValidationError("--replace-edited and --remove-obsolete go with --write.")
    }
  }

  /// Changes the inventory and keeps it. Prints the paths of the files that were changed.
  ///
  /// - Parameters:
  ///   - makesInventory: whether it begins with an empty one where there is none yet.
  ///   - change: the change; it adds what is wrong to the reader.
  /// - Throws: an exit code, after saying what is wrong.
  func change(
    makesInventory: Bool = false,
    _ change: (inout Inventory, inout AnswerReader) async throws -> Void
  ) async throws {
    try directory.recover()
    let stored = try directory.storedInventory(mayBeMissing: makesInventory)
    var inventory = stored?.inventory ?? Inventory()
    var reader = AnswerReader()
    try await change(&inventory, &reader)
    // What an option got wrong has not reached the inventory.
    let problems = reader.problems.isEmpty ? inventory.problems() : reader.problems
    if !problems.isEmpty {
      for problem in problems { complain("\(problem)") }
      throw ExitCode.badData
    }
    let output = directory.outputDirectory
    let previous: OutputDirectory.Previous = stored.map { .bytes($0.bytes) } ?? .missing
    if write {
      // Says by itself what Nix here cannot read, and refuses it.
      return try await writing.write(inventory, to: output, previous: previous)
    }
    let written = try reportingErrors { () throws(OutputError) in
      try output.writeInventory(inventory, previous: previous)
    }
    for name in written { Output.line("\(line: output.path.appending(name).string)") }
    await warn(of: inventory.builders.filter { stored?.inventory.builders.contains($0) != true })
  }

  /// Tells what of changed builders the Nix of this machine cannot read.
  private func warn(of builders: [Builder]) async {
    // Nix is asked for its version only where that counts.
    guard builders.contains(where: { !$0.problems(with: NixVersion("0")).isEmpty }) else { return }
    let version = await NixVersion.installed()
    for builder in builders {
      for problem in builder.problems(with: version) { complain("\(builder.alias): \(problem)") }
    }
  }
}

extension Inventory {
  /// Changes the builders with these aliases, in place.
  ///
  /// - Throws: an exit code, after saying which is unknown.
  mutating func change(_ aliases: [String], _ change: (inout Builder) -> Void) throws {
    let named = Set(try builders(named: aliases).map(\.alias))
    for index in builders.indices where named.contains(builders[index].alias) {
      change(&builders[index])
    }
  }

  /// Moves a builder to a place in the order, the first of which is 1.
  mutating func move(_ alias: String, to position: String?, _ reader: inout AnswerReader) {
    let rule = { (text: String) -> String? in
      if let number = Int(text), (1...builders.count).contains(number) { return nil }
      return "\"\(text)\" is not a number from 1 to \(builders.count)."
    }
    guard let text = reader.text(position, "position", rule), let number = Int(text),
      let index = builders.firstIndex(where: { $0.alias == alias })
    else { return }
    builders.insert(builders.remove(at: index), at: number - 1)
  }
}
