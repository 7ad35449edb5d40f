import Foundation
import Testing
import TestSupport

/// A short form of each campaign of Tests/Attacks.
@Suite("Attacks", .serialized, .timeLimit(.minutes(5)))
struct AttackTests {
  @Test(
    "nothing falls through", arguments: ["kill", "faults", "values", "servers", "files", "parsers"])
  func campaign(_ name: String) throws {
    let attacks = Process()
    attacks.executableURL = URL(fileURLWithPath: program).deletingLastPathComponent()
      .appendingPathComponent("Attacks")
    attacks.arguments = ["--short", name]
    let output = Pipe()
    attacks.standardOutput = output
    try attacks.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    attacks.waitUntilExit()
    #expect(attacks.terminationStatus == 0, "\(text)")
    // What was not tried has not withstood anything.
    let line = text.split(separator: "\n").last { $0.hasPrefix(name) } ?? ""
    let attempts = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    #expect(attempts > 0, "\(text)")
  }
}
