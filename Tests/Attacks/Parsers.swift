import Glibc
import TextReaders

/// Texts of others, mutated by seed, through all that reads such texts.
enum Parsers: Campaign {
  static let name = "parsers"

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    let seed = generator.next() >> 1
    let size = isShort ? 2000 : 20000
    // In a process of its own, which may crash.
    Folder.with { folder in
      for part in 0..<(isShort ? 1 : 25) {
        let first = seed &+ UInt64(part * size)
        let result = Attempt(
          ["\(Attempt.program)/Attacks", "--parsers", "\(first)", "\(size)"], seconds: 300
        ).run(in: folder)
        for _ in 1..<size { tally.count() }
        tally.count(result, "--parsers \(first) \(size): \(result.output)")
      }
    }
  }

  /// Writes the examples of the readers to files: the reader's number, and the text.
  static func writeSeeds(to folder: String) {
    for (number, reader) in TextReader.all.enumerated() {
      for (index, example) in reader.examples.enumerated() {
        guard let file = fopen("\(folder)/\(reader.name)-\(index)", "w") else { continue }
        let bytes = [UInt8(number)] + Array(example.utf8)
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
      }
    }
  }

  /// Reads so many texts.
  static func run(seed: UInt64, count: Int) {
    for number in 0..<UInt64(count) {
      var generator = Generator(seed: seed &+ number)
      guard let reader = TextReader.all.randomElement(using: &generator) else { return }
      let bytes = Mutation.text(for: reader, &generator)
      // What is being read stands in the output when it crashes.
      let mark = Array("seed \(seed &+ number), \(reader.name)\n".utf8)
      _ = mark.withUnsafeBytes { pwrite(STDOUT_FILENO, $0.baseAddress, $0.count, 0) }
      ftruncate(STDOUT_FILENO, mark.count)
      reader.read(bytes)
    }
  }
}

/// Texts of others with a few changes.
private enum Mutation {
  static func text(for reader: TextReader, _ generator: inout Generator) -> [UInt8] {
    var bytes = Array((reader.examples.randomElement(using: &generator) ?? "").utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) { mutate(&bytes, &generator) }
    return bytes
  }

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, place + Int.random(in: 0...20, using: &generator))
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 2: bytes.insert(contentsOf: Hostile.value(&generator).utf8, at: place)
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 4:
      bytes.replaceSubrange(
        place..<end, with: "\(Int64.random(in: .min ... .max, using: &generator))".utf8)
    default: bytes.removeSubrange(place...)
    }
  }
}
