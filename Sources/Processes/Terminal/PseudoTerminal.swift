import CProcess
import Glibc

/// A terminal that this program holds the other end of: what a program asks on its terminal can
/// then be asked by this one.
struct PseudoTerminal: ~Copyable {
  /// The path that the program opens as its terminal.
  let path: String
  private let descriptor: Int32

  /// Makes a terminal of a usual size; `nil` when the system has none left.
  init?(columns: UInt16 = 120, rows: UInt16 = 40) {
    var name = [CChar](repeating: 0, count: 128)
    descriptor = cprocess_open_terminal(&name, name.count, columns, rows)
    guard descriptor >= 0 else { return nil }
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { close(descriptor) }

  /// What was printed meanwhile, some of it if it is much; empty when there is nothing.
  func read() -> [UInt8] { readAvailable(from: descriptor) }

  /// Types what there is room for.
  ///
  /// - Returns: how many bytes were taken.
  func write(_ bytes: [UInt8]) -> Int { max(0, Glibc.write(descriptor, bytes, bytes.count)) }

  /// How the program at the other end has set its terminal.
  var modes: Modes {
    var modes = termios()
    guard tcgetattr(descriptor, &modes) == 0 else { return Modes(echoes: true, takesLines: true) }
    return Modes(
      echoes: modes.c_lflag & tcflag_t(ECHO) != 0, takesLines: modes.c_lflag & tcflag_t(ICANON) != 0
    )
  }

  struct Modes: Equatable {
    /// Whether what is typed is shown.
    var echoes: Bool
    /// Whether a line is taken as a whole, after Enter.
    var takesLines: Bool

    /// Whether a password is read: of a program that shows nothing and takes each key by itself one
    /// cannot tell.
    var hidesLine: Bool { !echoes && takesLines }
  }
}

/// What can be read at once from a descriptor that does not block.
func readAvailable(from descriptor: Int32) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
    count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
  }
}
