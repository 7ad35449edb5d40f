import Builders
import Glibc

/// What a diagnosis is about: the builder whose check has failed, and what was printed.
struct Symptoms {
  let builder: Builder
  /// What the commands printed, without colour. As bytes, since evidence may be long and each entry
  /// of the catalogue looks through all of it.
  private let evidence: [UInt8]

  init(_ evidence: String, of builder: Builder) {
    self.builder = builder
    self.evidence = Array(withoutColour(evidence).utf8)
  }

  func says(_ texts: String...) -> Bool { texts.contains { place(of: $0) != nil } }

  /// The first line that holds all of some texts.
  func line(with texts: String...) -> String? { line(with: texts) }

  /// Whether a line holds all of some texts.
  func hasLine(with texts: String...) -> Bool { line(with: texts) != nil }

  private func line(with texts: [String]) -> String? {
    guard let first = texts.first else { return nil }
    var start = 0
    while let place = place(of: first, from: start) {
      let line = line(around: place.lowerBound)
      start = line.upperBound
      let text = String(decoding: evidence[line], as: UTF8.self)
      if texts.allSatisfy({ text.contains($0) }) { return text }
    }
    return nil
  }

  /// All lines, the last one first.
  var linesFromTheEnd: [String] {
    evidence.split(separator: UInt8(ascii: "\n")).reversed().map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// What stands between two texts, the first time that they occur.
  func text(between start: String, and end: String) -> String? {
    guard let from = place(of: start), let to = place(of: end, from: from.upperBound)
    else { return nil }
    return String(decoding: evidence[from.upperBound..<to.lowerBound], as: UTF8.self)
  }

  private func place(of text: String, from start: Int = 0) -> Range<Int>? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return nil }
    return evidence.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var next = start
      while next + wanted.count <= bytes.count,
        let match = memchr(base + next, Int32(first), bytes.count - next - wanted.count + 1)
      {
        let place = UnsafeRawPointer(match) - base
        if memcmp(match, wanted, wanted.count) == 0 { return place..<(place + wanted.count) }
        next = place + 1
      }
      return nil
    }
  }

  private func line(around place: Int) -> Range<Int> {
    let end = UInt8(ascii: "\n")
    let start = evidence[..<place].lastIndex(of: end).map { $0 + 1 } ?? 0
    return start..<(evidence[place...].firstIndex(of: end) ?? evidence.count)
  }
}

extension String {
  /// What stands between two texts, the first time that they occur.
  func text(between start: String, and end: String) -> String? {
    guard let from = firstRange(of: start) else { return nil }
    let rest = self[from.upperBound...]
    return rest.firstRange(of: end).map { String(rest[..<$0.lowerBound]) }
  }

  /// What stands after a text, to the end.
  func text(after start: String) -> String? {
    firstRange(of: start).map { String(self[$0.upperBound...]) }
  }
}
