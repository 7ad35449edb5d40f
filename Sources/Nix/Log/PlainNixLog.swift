import Base
import Glibc

/// Recognises what Nix prints for people (`nix build -L`): which builds begin and where, whose
/// lines are whose, what is copied, and errors. That a build ends is not printed.
struct PlainNixLog: Sendable {
  /// The builds by what stands before their lines.
  private var builds: [[UInt8]: UInt64] = [:]
  private var latest: (name: [UInt8], id: UInt64)?
  private var count: UInt64 = 0
  /// An error, whose further lines may come.
  private var error: [UInt8] = []
  /// Of how many of its lines it was not told yet.
  private var errorLines = 0
  private var isInError: Bool { !error.isEmpty }

  /// Nix's own ids are a process's number and a count, which stay below.
  static let firstID: UInt64 = 1 << 63
  /// An error's lines after the first are indented by as much as `error: ` takes.
  private static let indentation = 7
  private static let longestError = 1 << 14
  private static let colour = UInt8(ascii: "\u{1B}")

  /// Whether a line tells nothing and is nobody's, seen by its first byte.
  func isNothing(_ first: UInt8) -> Bool {
    if !builds.isEmpty || isInError { return false }
    switch first {
    case UInt8(ascii: "e"), UInt8(ascii: "b"), UInt8(ascii: "c"), UInt8(ascii: "t"), Self.colour:
      return false
    default: return true
    }
  }

  /// Takes a line without its end, and notes whose it is and what it tells.
  mutating func take(_ line: UnsafeRawBufferPointer, _ batch: inout NixLogBatch) {
    if isInError {
      if error.count < Self.longestError, isIndented(line) {
        error.append(.lineFeed)
        error.append(contentsOf: line)
        errorLines += 1
        return
      }
      settle(&batch)
      error = []
    }
    switch line.first {
    case UInt8(ascii: "e"), Self.colour:
      guard startsError(line) else { break }
      error = Array(line)
      errorLines = 1
      return
    case UInt8(ascii: "b"):
      if takeBuild(line, &batch) { return }
    case UInt8(ascii: "c"):
      if takeCopy(line, &batch) { return }
    case UInt8(ascii: "t"):
      let isAnnouncement = line.last == UInt8(ascii: ":") && line.starts(with: "th".utf8)
      if isAnnouncement, NixErrorText.announcedBuilds(in: Array(line)) > 0 {
        batch.add(.message(level: 3, text: Array(line)), lines: 1)
        return
      }
    default: break
    }
    batch.add(lines: 1, of: builds.isEmpty ? 0 : printer(of: line))
  }

  /// No more lines of an error come, or none that belong to this batch. An error whose lines go on
  /// in the next one is told again then, as a whole.
  mutating func settle(_ batch: inout NixLogBatch) {
    if errorLines == 0 { return }
    batch.add(.message(level: 0, text: error), lines: errorLines)
    errorLines = 0
  }

  // MARK: - Errors

  private func isIndented(_ line: UnsafeRawBufferPointer) -> Bool {
    // An empty line comes between the parts of an error.
    line.isEmpty
      || line.count > Self.indentation
        && line[..<Self.indentation].allSatisfy { $0 == UInt8(ascii: " ") }
  }

  private func startsError(_ line: UnsafeRawBufferPointer) -> Bool {
    line.starts(with: "error:".utf8) || line.starts(with: "\u{1B}[31;1merror:".utf8)
  }

  // MARK: - Builds and copies

  /// `building '/nix/store/….drv'...`, `building '/nix/store/….drv' on 'ssh-ng://forge'...`
  private mutating func takeBuild(
    _ line: UnsafeRawBufferPointer, _ batch: inout NixLogBatch
  ) -> Bool {
    guard line.starts(with: "building '".utf8) else { return false }
    let quoted = quoted(in: line)
    guard let derivation = quoted.first, derivation.unicodeScalars.hasSuffix(".drv"),
      quoted.count <= 2
    else {
      return false
    }
    let name = Array(NixLogRenderer.name(of: derivation).utf8)
    count += 1
    let id = Self.firstID + count
    builds[name] = id
    latest = (name, id)
    let activity = NixActivity.build(
      derivation: derivation, machine: quoted.count == 2 ? quoted[1] : "")
    batch.add(.started(id: id, level: 3, text: Array(line), activity), lines: 1)
    return true
  }

  /// `copying path '/nix/store/…' from 'https://cache.nixos.org'...`, or `to`.
  private mutating func takeCopy(
    _ line: UnsafeRawBufferPointer, _ batch: inout NixLogBatch
  ) -> Bool {
    guard line.starts(with: "copying path '".utf8) else { return false }
    let quoted = quoted(in: line)
    guard quoted.count == 2 else { return false }
    let text = Array(line)
    let isFrom = String(decoding: text, as: UTF8.self).unicodeScalars.contains("' from '")
    count += 1
    let id = Self.firstID + count
    let activity = NixActivity.copyPath(
      path: quoted[0], from: isFrom ? quoted[1] : "local", to: isFrom ? "local" : quoted[1])
    batch.add(.started(id: id, level: 3, text: text, activity), lines: 1)
    batch.add(.stopped(id: id), lines: 0)
    return true
  }

  private func quoted(in line: UnsafeRawBufferPointer) -> [String] {
    let parts = line.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 && $0 + 1 < parts.count }
      .map { String(decoding: parts[$0], as: UTF8.self) }
  }

  // MARK: - Whose line

  /// The build whose name stands before a line, as in `hello> checking for gcc`; 0 for none.
  private mutating func printer(of line: UnsafeRawBufferPointer) -> UInt64 {
    guard let start = line.baseAddress else { return 0 }
    if let latest, line.count > latest.name.count,
      line[latest.name.count] == UInt8(ascii: ">"),
      memcmp(start, latest.name, latest.name.count) == 0
    {
      return latest.id
    }
    let head = UnsafeRawBufferPointer(rebasing: line.prefix(256))
    guard let end = head.firstIndex(of: UInt8(ascii: ">"), from: 0) else { return 0 }
    let name = Array(head[..<end])
    guard let id = builds[name] else { return 0 }
    latest = (name, id)
    return id
  }
}
