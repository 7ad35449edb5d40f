import Base
import CTerm
import Glibc

/// The terminal, as long as this value lives: its screen shows canvases, and its keys are ours.
///
/// There is one at a time, used from one thread. When it goes, by whatever exit, a signal or a
/// crash, the terminal is as it was before.
public struct Terminal: ~Copyable {
  /// Where keys come from.
  public enum KeySource: Sendable {
    /// Standard input.
    case standardInput
    /// The process's terminal, where standard input is something else.
    case controllingTerminal
  }

  /// Its size now.
  public private(set) var size: Size
  /// Whether it shows more than ASCII.
  public let isUnicode: Bool
  let palette: Palette
  /// What keys send.
  let keys: [[UInt8]: Key]
  /// Where keys are read.
  let input: Int32
  private let source: KeySource
  private var shown: Canvas?

  /// Takes over the terminal.
  public init(keysFrom source: KeySource = .standardInput) throws(TerminalError) {
    let input = try Self.input(source)
    // The fonts of Linux' own console have neither ✓ nor ○ nor what turns.
    let isUnicode = cterm_set_locale() && !Self.has(terminal: "linux")
    let opening = cterm_open(input, STDOUT_FILENO, !Self.isSet("NO_COLOR"))
    if let error = TerminalError(opening) {
      Self.close(input, source)
      throw error
    }
    self.isUnicode = isUnicode
    self.input = input
    self.source = source
    palette = Palette(count: Int(cterm_colours()), hasOwn: cterm_has_own_colours())
    keys = KeySequences.described()
    size = Self.currentSize
  }

  deinit {
    cterm_close()
    Self.close(input, source)
  }

  private static func input(_ source: KeySource) throws(TerminalError) -> Int32 {
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal("standard output") }
    switch source {
    case .standardInput:
      guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal("standard input") }
      return STDIN_FILENO
    case .controllingTerminal:
      let input = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
      if input < 0 { throw .noControllingTerminal }
      return input
    }
  }

  private static func close(_ input: Int32, _ source: KeySource) {
    if source == .controllingTerminal { Glibc.close(input) }
  }

  /// Shows a canvas. Only what differs from the last one reaches the terminal; what does not fit is
  /// cut off.
  public mutating func show(_ canvas: Canvas) {
    // Whoever looks at what is written sees nothing while nothing changes.
    if shown == canvas { return }
    let before = shown?.size == canvas.size ? shown : nil
    for row in 0..<min(canvas.size.rows, size.rows)
    where before.map({ $0[row: row] != canvas[row: row] }) ?? true {
      show(canvas[row: row].prefix(size.columns), row: row)
    }
    shown = canvas
    cterm_set_mouse(canvas.reactsToMouse)
    let cursor = canvas.cursor.flatMap { Area(size).contains($0) ? $0 : nil }
    cterm_show(Int32(cursor?.row ?? -1), Int32(cursor?.column ?? 0))
  }

  private func show(_ cells: ArraySlice<Cell>, row: Int) {
    var style: Style?
    var look = Palette.Look()
    for (column, cell) in cells.enumerated() {
      if cell.style != style {
        style = cell.style
        look = palette.look(of: cell.style)
      }
      // In Unicode the right half comes with the left one.
      if isUnicode, cell.scalar == nil { continue }
      let scalar = isUnicode ? cell.scalar ?? " " : cell.scalar.map(Glyphs.ascii) ?? "?"
      let combining = isUnicode ? cell.combining.map(\.value) : []
      cterm_put(
        Int32(row), Int32(column), scalar.value, combining, combining.count,
        UInt32(look.attributes.rawValue), Int32(look.foreground), Int32(look.background))
    }
  }

  // MARK: - For the event loop

  /// Draws everything with the next canvas, whatever the terminal shows now.
  mutating func forget() {
    shown = nil
    cterm_forget()
  }

  /// Takes the window's size anew. Whether it has changed.
  mutating func takeSize() -> Bool {
    let before = size
    cterm_take_size()
    size = Self.currentSize
    // Terminals rearrange what they show when their size changes, and may have been elsewhere in
    // between.
    forget()
    return size != before
  }

  /// Lets the shell have the terminal until this program is continued.
  mutating func stop() {
    cterm_stop()
    shown = nil
  }

  /// Comes back after somebody else has used the terminal.
  mutating func reenter() {
    cterm_reenter()
    shown = nil
  }

  /// Rings the bell.
  func ring() { cterm_write("\u{7}", 1) }

  /// Whether texts can be given to a clipboard, as far as that is known: the consoles of Linux and
  /// the BSDs have none, and screen(1) keeps what is meant for the one around it.
  public var hasClipboard: Bool {
    let isConsole = ["linux", "cons25", "vt", "wsvt25"].contains(where: Self.has)
    return cterm_is_ansi() && !isConsole && !Self.isSet("STY")
  }

  /// Puts text on the clipboard of the person's own computer, if the terminal lets it: OSC 52. It
  /// will be pasted into a terminal, so it must have nothing in it that one acts on.
  func copy(_ text: String) {
    guard hasClipboard else { return }
    let sequence = "\u{1B}]52;c;\(Base64.encoded(SafeText(text).text.utf8))\u{7}"
    cterm_write(sequence, sequence.utf8.count)
  }

  // MARK: - Environment

  /// Whether TERM begins so.
  private static func has(terminal prefix: String) -> Bool {
    getenv("TERM").map { String(cString: $0).hasPrefix(prefix) } ?? false
  }

  private static var currentSize: Size {
    Size(columns: Int(cterm_columns()), rows: Int(cterm_rows()))
  }

  /// Whether a variable has a value, as https://no-color.org asks for.
  private static func isSet(_ name: String) -> Bool {
    getenv(name).map { $0.pointee != 0 } ?? false
  }
}

extension TerminalError {
  fileprivate init?(_ opening: cterm_opening) {
    let name = getenv("TERM").map { String(cString: $0) } ?? ""
    switch opening {
    case cterm_opened: return nil
    case cterm_already_open: self = .inUse
    case cterm_unknown_terminal: self = .unknown(name)
    case cterm_cannot_move: self = .cannotMoveCursor(name)
    default: self = .failed
    }
  }
}
