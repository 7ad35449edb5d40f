import Foundation
import Testing

@testable import Builders

/// Every shape of builders.json that was ever written, in `Tests/Golden`: `NAME.json` as it was, and
/// `NAME-rewritten.json` as it is written today. A new answer adds a shape; those there stay.
@Suite("A builders.json of every version") struct GoldenFileTests {
  private static let shapes = ["builders-1-first", "builders-1-options"]

  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent("\(name).json")))
  }

  @Test("is read, and rewritten in today's shape", arguments: shapes)
  func rewritten(shape: String) throws {
    let inventory = try InventoryFile.decode(try Self.bytes(shape))
    let expected = String(decoding: try Self.bytes("\(shape)-rewritten"), as: UTF8.self)
    #expect(String(decoding: InventoryFile.encode(inventory), as: UTF8.self) == expected)
    #expect(inventory.unknownKeys.isEmpty)
    for builder in inventory.builders {
      #expect(builder.unknownKeys.isEmpty)
      #expect(builder.account.unknownKeys.isEmpty)
    }
  }

  @Test("loses nothing of the first one: all that it says is an answer")
  func firstShape() throws {
    let builder = try #require(
      InventoryFile.decode(try Self.bytes("builders-1-first")).builders.first)
    #expect(builder.port == 2222)
    #expect(builder.account.keyFile == "/etc/key.pub")
    #expect(builder.sshOptions.isEmpty)
  }

  @Test("is there with another value than the default for every answer")
  func complete() throws {
    let inventory = try InventoryFile.decode(try Self.bytes("builders-1-options"))
    let builder = try #require(inventory.builders.first)
    func same<Subject: Answering>(_ subject: Subject) -> [String] {
      Subject.answers.filter { $0.json(subject) == $0.json(Subject.standard) }.map(\.key)
    }
    #expect(same(builder) == [])
    #expect(same(builder.account) == [])
    #expect(same(inventory.local) == [])
  }

  @Test("all files of the folder are tried")
  func allFiles() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(files == Self.shapes.flatMap { ["\($0)-rewritten.json", "\($0).json"] }.sorted())
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden")
}
