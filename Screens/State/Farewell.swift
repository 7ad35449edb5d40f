import Builders
import Checks

/// What stays on the ordinary screen when the program has ended: what was written, what was seen,
/// and what to type next.
public struct Farewell {
  /// The text; empty when nothing was written.
  public let text: String

  /// Looks back at a session.
  public init(_ session: Session) {
    guard !session.writtenFiles.isEmpty else {
      text = ""
      return
    }
    var lines = ["Written to \(session.directory): " + session.writtenFiles.joined(separator: ", ")]
    if let note = session.practiceFilesNote { lines.append(note) }
    for target in session.applied { lines.append("Applied \(target.place).") }
    for (alias, source) in session.proven.sorted(by: { $0.key < $1.key }) {
      lines.append("Seen building, \(source.words): \(alias)")
    }
    if !session.isPractice {
      lines += Self.rest(session)
      lines += Self.trials(session)
    }
    lines.append("Open again: " + session.ownCommand.line())
    text = lines.joined(separator: "\n")
  }

  /// What is left to do by hand.
  private static func rest(_ session: Session) -> [String] {
    let left = session.saved.builders.filter { builder in
      session.writtenFiles.contains("remote-\(builder.alias).nix")
        && !session.applied.contains(.there(builder.alias))
    }
    let isInstalled = session.applied.contains(.here)
    if isInstalled, left.isEmpty { return [] }
    let instructions = ApplyInstructions(
      directory: session.directory, repository: session.repository, builders: left,
      concernsThisMachine: !isInstalled)
    return ["", instructions.commands]
  }

  /// A command for each builder that was seen building, by which one sees it again.
  private static func trials(_ session: Session) -> [String] {
    session.proven.sorted { $0.key < $1.key }.compactMap { alias, source in
      guard let builder = session.saved.builder(alias) else { return nil }
      let command =
        source == .installed
        ? TrialBuild(on: builder, among: session.saved.builders).command
        : session.ownCommand.line("test", alias, "--build", "--written")
      return "Try it: \(command)"
    }
  }
}
