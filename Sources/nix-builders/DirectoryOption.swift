import ArgumentParser
import Builders
import Fragments
import Glibc
import SystemPackage

/// Where the inventory is.
struct DirectoryOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder of builders.json and the fragments.",
      discussion: "/etc/nixos/nix-builders on NixOS, ./nix-builders elsewhere.",
      valueName: "dir"))
  var directory: String?

  /// The folder, in full: what is shown must be right wherever it is read.
  var outputDirectory: OutputDirectory {
    OutputDirectory(path: Self.absolute(FilePath(directory ?? Self.standard)))
  }

  /// The inventory.
  ///
  /// - Throws: an exit code, after saying what is wrong.
  func inventory() throws -> Inventory { try storedInventory()?.inventory ?? Inventory() }

  /// Makes the folder one again where a writer was stopped in the middle, and says so; for commands
  /// that are to write there.
  ///
  /// - Throws: an exit code, after saying what is wrong.
  func recover() throws {
    let output = outputDirectory
    if let recovery = try reportingErrors({ () throws(OutputError) in try output.recover() }) {
      complain("\(output.path): \(recovery.text)")
    }
  }

  /// The inventory with the bytes of its file; `nil` where there is none and that is no fault.
  ///
  /// - Throws: an exit code, after saying what is wrong.
  func storedInventory(
    mayBeMissing: Bool = false
  ) throws -> OutputDirectory.StoredInventory? {
    let output = outputDirectory
    let stored = try reportingErrors { () throws(OutputError) in try output.readStoredInventory() }
    if stored != nil || mayBeMissing { return stored }
    complain(
      """
      \(output.path.appending(Inventory.fileName)): there is no inventory yet. Start nix-builders \
      in a terminal, or name its folder with --directory.
      """)
    throw ExitCode.missing
  }

  private static var standard: String {
    access("/etc/NIXOS", F_OK) == 0 ? "/etc/nixos/nix-builders" : "nix-builders"
  }

  /// The folder that the program chooses by itself.
  static var standardFolder: String { absolute(FilePath(standard)).string }

  private static func absolute(_ path: FilePath) -> FilePath {
    if path.isAbsolute { return path.lexicallyNormalized() }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard getcwd(&buffer, buffer.count) != nil else { return path }
    let current = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return FilePath(String(decoding: current, as: UTF8.self)).pushing(path).lexicallyNormalized()
  }
}

extension Inventory {
  /// The builders with these aliases, all of them when none is named.
  ///
  /// - Throws: an exit code, after saying which is unknown.
  func builders(named aliases: [String]) throws -> [Builder] {
    if aliases.isEmpty { return enabledBuilders }
    return try aliases.map { alias in
      if let builder = builder(alias) { return builder }
      let known = builders.map(\.alias).joined(separator: ", ")
      complain("there is no builder \"\(alias)\". Known: \(known.isEmpty ? "none" : known).")
      throw ExitCode.badData
    }
  }
}
