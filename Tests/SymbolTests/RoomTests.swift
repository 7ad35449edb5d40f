import Foundation
import Testing
import TestSupport

/// Which room may know which. The compiler lets a target import any that happens to be built before
/// it, whatever Package.swift says.
@Suite struct RoomTests {
  /// From the bottom up; libraries of others are not told.
  private static let known: [(room: String, knows: Set<String>)] = [
    ("Base", []),
    ("Builders", ["Base"]),
    ("Fragments", ["Base", "Builders"]),
    ("Processes", ["Base", "CProcess"]),
    ("Nix", ["Base", "Builders", "Fragments", "Processes"]),
    ("SSH", ["Base", "Builders", "Fragments", "Nix", "Processes"]),
    ("Checks", ["Base", "Builders", "Fragments", "Nix", "Processes", "SSH"]),
    ("Features", ["Base", "Builders", "Checks", "Fragments", "Nix", "Processes", "SSH"]),
    ("StateFiles", ["Base", "Builders", "Checks"]),
    ("Practice", ["Base", "Builders", "CNamespaces", "Checks", "Fragments", "Processes"]),
    ("Terminal", ["Base", "CTerm"]),
    ("Interface", ["Base", "Terminal"]),
    (
      "Screens",
      [
        "Base", "Builders", "Checks", "Features", "Fragments", "Interface", "Nix", "Processes",
        "SSH", "StateFiles", "Terminal",
      ]
    ),
  ]

  @Test("a room knows only rooms below it", arguments: known.map(\.room))
  func imports(room: String) throws {
    let knows = try #require(Self.known.first { $0.room == room }).knows
    let all = Set(Self.known.map(\.room)).union([
      "CNamespaces", "CProcess", "CTerm", "nix_builders",
    ])
    var count = 0
    for file in try Self.sources(of: room) {
      count += 1
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place <= 1, let name = words.last
        else { continue }
        let isForbidden = all.contains(String(name)) && !knows.contains(String(name))
        #expect(!isForbidden, "\(room)/\(file.lastPathComponent) imports \(name)")
      }
    }
    #expect(count > 0)
  }

  @Test("every room is told")
  func allRooms() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: root + "/Sources")
    let rooms = Set(folders.filter { !$0.hasPrefix("C") || $0 == "Checks" })
    #expect(rooms == Set(Self.known.map(\.room)).subtracting(["Screens"]).union(["nix-builders"]))
  }

  private static func sources(of room: String) throws -> [URL] {
    let folder = URL(fileURLWithPath: root + (room == "Screens" ? "/Screens" : "/Sources/\(room)"))
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }
}

/// The repository's directory.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path
