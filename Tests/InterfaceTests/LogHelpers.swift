import Glibc
import Terminal

@testable import Interface

/// A store that holds little in memory, so that short logs go through its file.
func smallStore(_ text: String = "", spill: @escaping () -> LogSpill = { LogSpill() }) -> LogStore {
  let store = LogStore(blockLength: 16, blocks: 4, spill: spill)
  store.append(text.utf8)
  return store
}

/// A store's file that at times takes no more bytes, but can still be read.
final class Disk {
  private let writable: Int32
  private let readable: Int32
  private let shown: Int32

  init() {
    let path = "/tmp/nix-builders-test-\(UInt64.random(in: 0 ... .max))"
    writable = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    readable = open(path, O_RDONLY | O_CLOEXEC)
    shown = dup(writable)
    unlink(path)
  }

  deinit {
    close(writable)
    close(readable)
  }

  /// To be made once; it owns its descriptor.
  var spill: LogSpill { LogSpill(descriptor: shown) }

  /// Whether it takes no more bytes.
  var isFull = false {
    didSet { dup2(isFull ? readable : writable, shown) }
  }
}

extension LogStore {
  /// Every line as text; `nil` for those that are not kept.
  var lines: [String?] {
    (0..<lineCount).map { index in line(index).map { String(decoding: $0, as: UTF8.self) } }
  }
}

extension LogPane {
  /// A pane on a log of these lines.
  init(_ lines: [String]) {
    self.init(store: LogStore())
    store.append(lines.map { $0 + "\n" }.joined().utf8)
  }

  @discardableResult
  mutating func press(_ keys: String, rows: Int = 4, columns: Int = 20) -> Event? {
    var event: Event?
    for key in keys { event = handle(.key(.character(key)), rows: rows, columns: columns) }
    return event
  }

  @discardableResult
  mutating func press(_ key: Key, rows: Int = 4, columns: Int = 20) -> Event? {
    handle(.key(key), rows: rows, columns: columns)
  }

  /// What is seen of the pane.
  func picture(rows: Int = 4, columns: Int = 20) -> String {
    var canvas = Canvas(size: Size(columns: columns, rows: rows))
    draw(on: &canvas, in: canvas.area)
    return canvas.text
  }

  /// The text that is drawn in a style.
  func text(in style: Style, rows: Int = 4, columns: Int = 20) -> [String] {
    var canvas = Canvas(size: Size(columns: columns, rows: rows))
    draw(on: &canvas, in: canvas.area)
    return (0..<rows).compactMap { row in
      let cells = canvas[row: row].filter { $0.style == style }
      if cells.isEmpty { return nil }
      return String(String.UnicodeScalarView(cells.compactMap(\.scalar)))
    }
  }
}

/// Random numbers that are the same in each run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
