/// Why practice could not do something.
public enum PracticeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Things that it needs are not there.
  case missing([MissingRequirement])
  /// A step of making the machines, or of changing them, failed.
  case failed(step: String, reason: String)
  /// Nix could not evaluate a fragment; what it said.
  case notEvaluated(file: String, reason: String)
  /// A fragment sets something in a way that NixOS would not accept, or that practice cannot make.
  case option(String, reason: String)

  /// The reason, as shown to people.
  public var description: String {
    switch self {
    case .missing(let requirements): requirements.map(\.description).joined(separator: "\n")
    case .failed(let step, let reason): "\(step): \(reason)"
    case .notEvaluated(let file, let reason): "\(file) does not evaluate: \(reason)"
    case .option(let name, let reason): "\(name): \(reason)"
    }
  }
}
