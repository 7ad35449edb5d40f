/// Recognises from outside that a program waits for something to be typed: it has printed the
/// beginning of a line and gone quiet, or it has switched off that typed text is shown.
struct PromptWatch {
  private var line: [UInt8] = []
  private var lastChange: ContinuousClock.Instant
  private var wasHidden = false
  /// What was asked is answered, until something else happens.
  private var isAnswered = false

  /// For so long nothing comes any more where somebody waits.
  private static let quiet: Duration = .milliseconds(200)
  /// Of a longer line the beginning is no question.
  private static let longest = 1024

  init(now: ContinuousClock.Instant) { lastChange = now }

  /// The program has printed something.
  mutating func printed(_ bytes: [UInt8], now: ContinuousClock.Instant) {
    lastChange = now
    isAnswered = false
    if let end = bytes.lastIndex(of: 0x0A) {
      line = [] + bytes[(end + 1)...]
    } else {
      line += bytes
    }
    line = Array(line.suffix(Self.longest))
  }

  /// A line was typed.
  mutating func answered() {
    isAnswered = true
    line = []
  }

  /// What is asked for now; `nil` when nothing is.
  mutating func question(
    _ modes: PseudoTerminal.Modes, now: ContinuousClock.Instant
  ) -> TerminalCommand.Question? {
    if modes.hidesLine != wasHidden {
      wasHidden = modes.hidesLine
      lastChange = now
      isAnswered = false
    }
    guard !isAnswered, now - lastChange >= Self.quiet else { return nil }
    if modes.hidesLine { return TerminalCommand.Question(isHidden: true) }
    return Self.isQuestion(line) ? TerminalCommand.Question(isHidden: !modes.echoes) : nil
  }

  /// Whether the beginning of a line looks like one that ends where the answer goes. Progress that
  /// is shown on one line mostly does not.
  static func isQuestion(_ line: [UInt8]) -> Bool {
    let text = line.last { $0 != UInt8(ascii: " ") && $0 != 0x0D && $0 != 0x09 }
    return text.map { ":?]>)".utf8.contains($0) } ?? false
  }
}
