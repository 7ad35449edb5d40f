import ArgumentParser
import Fragments

extension ExitCode {
  /// A check or a comparison failed.
  static let checkFailed = ExitCode(1)
  /// The data is bad (`EX_DATAERR`).
  static let badData = ExitCode(65)
  /// Something that is needed is missing (`EX_UNAVAILABLE`).
  static let missing = ExitCode(69)
  /// Something could not be written (`EX_CANTCREAT`).
  static let notWritten = ExitCode(73)
  /// The person stopped it.
  static let interrupted = ExitCode(130)
}

extension OutputError {
  /// What the program exits with after this error.
  var exitCode: ExitCode {
    switch self {
    case .unusable: .badData
    case .unreadable: .missing
    case .edited: .checkFailed
    default: .notWritten
    }
  }
}

/// Runs something with the output directory, and turns its errors into a message and an exit code.
func reportingErrors<Value>(_ body: () throws(OutputError) -> Value) throws -> Value {
  do {
    return try body()
  } catch {
    complain("\(error)")
    throw error.exitCode
  }
}
