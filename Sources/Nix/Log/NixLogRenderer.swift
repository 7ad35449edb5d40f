import Base

/// Turns the events of Nix's log into the lines that `nix build -L` would print.
public struct NixLogRenderer: Sendable {
  /// The highest level that is printed: 3 is Nix's default, 4 is `-v`.
  public var verbosity: Int
  /// What stands before the lines of the builds that run.
  private var prompts: [UInt64: [UInt8]] = [:]

  /// Creates a renderer.
  public init(verbosity: Int = 4) { self.verbosity = verbosity }

  /// Appends what an event prints, with the line end, or nothing.
  public mutating func append(_ event: NixLogEvent, to text: inout [UInt8]) {
    switch event {
    case .message(let level, let message):
      if level <= verbosity { Self.line([message], to: &text) }
    case .started(let id, let level, let title, let activity):
      if case .build(let derivation, _) = activity {
        prompts[id] = Array(Self.name(of: derivation).utf8) + Self.prompt
      }
      if level <= verbosity, !title.isEmpty { Self.line([title, Self.dots], to: &text) }
    case .stopped(let id):
      prompts[id] = nil
    case .buildLine(let id, let line):
      Self.line([prompt(of: id), line], to: &text)
    case .hookLine(_, let line):
      Self.line([Self.hook, line], to: &text)
    case .plain(let line):
      Self.line([line], to: &text)
    case .phase, .progress, .expected, .result:
      break
    }
  }

  /// What stands before the lines of a build.
  package func prompt(of id: UInt64) -> [UInt8] { prompts[id] ?? Self.prompt }

  private static let dots = Array("...".utf8)
  private static let prompt = Array("> ".utf8)
  private static let hook = Array("post-build-hook: ".utf8)

  private static func line(_ parts: [[UInt8]], to text: inout [UInt8]) {
    for part in parts { text.append(contentsOf: part) }
    text.append(UInt8(ascii: "\n"))
  }

  /// The name of a derivation as Nix puts it before the lines of a build: without directory, hash,
  /// `.drv`, and the version, which begins at the first `-` that no letter follows.
  package static func name(of derivation: String) -> String {
    let name = NixActivities.name(ofPath: derivation)
    let scalars = name.unicodeScalars
    for index in scalars.indices where scalars[index] == "-" {
      if let next = scalars[index...].dropFirst().first, !next.isLetter {
        return String(scalars[..<index])
      }
    }
    return name
  }
}
