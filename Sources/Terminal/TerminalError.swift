/// Why a terminal cannot be used.
public enum TerminalError: Error, Equatable, CustomStringConvertible {
  /// Standard input or standard output, as named, is something else.
  case notATerminal(String)
  /// The process has no terminal to read keys from.
  case noControllingTerminal
  /// There is no description of the terminal that TERM names.
  case unknown(String)
  /// TERM names a terminal whose cursor cannot be moved.
  case cannotMoveCursor(String)
  /// It is in use by this program already.
  case inUse
  /// It could not be set up.
  case failed

  /// What is wrong, and what helps.
  public var description: String {
    switch self {
    case .notATerminal(let stream): "\(stream) is not a terminal"
    case .noControllingTerminal: "there is no terminal to read keys from"
    case .unknown(""): "TERM is not set; most terminals understand TERM=xterm-256color"
    case .unknown(let name):
      "nothing is known here about the terminal TERM=\(name); "
        + "most terminals understand TERM=xterm-256color"
    case .cannotMoveCursor(let name): "the cursor of a TERM=\(name) terminal cannot be moved"
    case .inUse: "the terminal is in use already"
    case .failed: "the terminal cannot be set up"
    }
  }
}
