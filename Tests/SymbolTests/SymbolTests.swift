import Foundation
import Testing
import TestSupport

/// Reads the symbols that the object files of a room refer to. Other than a look at the sources
/// this misses nothing, however it is written.
@Suite("Rooms that print and read what others read")
struct SymbolTests {
  #if DEBUG
    @Test(
      "look at no text as Characters (see Sources/Base/Scalars.swift)",
      arguments: [
        "Base", "Builders", "Fragments", "Processes", "Nix", "SSH", "Checks", "Features",
        "StateFiles", "Practice", "nix_builders",
      ])
    func noCharacters(_ room: String) throws {
      for object in try objects(of: room) {
        let used = try symbols(of: object).compactMap { symbol in
          Self.forbidden.first { symbol.hasPrefix($0.symbol) }?.meaning
        }
        #expect(used.isEmpty, "\(object.lastPathComponent): \(Set(used).sorted())")
      }
    }

    @Test("the commands print through Output alone")
    func onlyOutputPrints() throws {
      for object in try objects(of: "nix_builders")
      where object.lastPathComponent != "Output.swift.o" {
        let used = try symbols(of: object).filter { symbol in
          Self.printing.contains { symbol.hasPrefix($0) }
        }
        #expect(used.isEmpty, "\(object.lastPathComponent): \(used)")
      }
    }
  #endif

  /// `print`, standard output and standard error, by Swift, swift-system, Foundation and C.
  private static let printing = [
    "$ss5print_", "$s13SystemPackage14FileDescriptorV14standardOutput",
    "$s13SystemPackage14FileDescriptorV13standardError", "$sSo12NSFileHandle",
    "$s10Foundation10FileHandleC14standardOutput", "$s10Foundation10FileHandleC13standardError",
    "puts", "fputs", "putchar", "fputc", "fwrite", "printf", "vprintf", "stdout", "stderr",
  ]

  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources").standardized.path

  /// The object files of a room, one for each source file.
  private func objects(of room: String) throws -> [URL] {
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
      .appendingPathComponent("\(room).build")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    // An object file may be left from a source file that is gone.
    let sources = FileManager.default.enumerator(atPath: Self.sources)
    let names = Set(
      (sources?.allObjects as? [String] ?? []).map {
        "\(URL(fileURLWithPath: $0).lastPathComponent).o"
      })
    let objects = (files?.allObjects as? [URL] ?? []).filter {
      names.contains($0.lastPathComponent)
    }
    try #require(!objects.isEmpty, "\(folder.path) has no object files")
    return objects
  }

  /// As Swift's ABI mangles them.
  private static let forbidden: [(symbol: String, meaning: String)] = [
    ("$sSJ", "something of Character's"),
    ("$sSSSlsMc", "String as a Collection"), ("$sSSSTsMc", "String as a Sequence"),
    ("$sSSSKsMc", "String as a BidirectionalCollection"),
    ("$sSSSmsMc", "String as a RangeReplaceableCollection"),
    ("$sSsSlsMc", "Substring as a Collection"), ("$sSsSTsMc", "Substring as a Sequence"),
    ("$sSsSKsMc", "Substring as a BidirectionalCollection"),
    ("$sSsSmsMc", "Substring as a RangeReplaceableCollection"),
    ("$sSS12makeIterator", "String as a Sequence"),
    ("$sSS9hasPrefix", "String.hasPrefix"), ("$sSS9hasSuffix", "String.hasSuffix"),
    ("$sSysE9hasPrefix", "StringProtocol.hasPrefix"),
    ("$sSysE9hasSuffix", "StringProtocol.hasSuffix"),
    ("$sSy17_StringProcessingE8contains", "StringProtocol.contains"),
  ]

  /// The undefined symbols of an object file.
  private func symbols(of object: URL) throws -> [Substring] {
    let nm = Process()
    nm.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    nm.arguments = [
      "sh", "-c", #"exec "$(command -v nm || command -v llvm-nm)" -u "$0""#, object.path,
    ]
    let output = Pipe()
    nm.standardOutput = output
    try nm.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    nm.waitUntilExit()
    try #require(nm.terminationStatus == 0)
    return text.split(separator: "\n").compactMap { $0.split(separator: " ").last }
  }
}
