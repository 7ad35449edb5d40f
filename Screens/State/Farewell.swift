import Builders

/// What stays on the ordinary screen when the program has ended: what was written, and what to
/// type next.
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
    if !session.proven.isEmpty {
      lines.append("Seen building: " + session.proven.joined(separator: ", "))
    }
    if !session.isPractice {
      let written = session.inventory.builders.first { builder in
        session.writtenFiles.contains("remote-\(builder.alias).nix")
      }
      lines.append("")
      lines.append(
        ApplyInstructions(
          directory: session.directory, repository: session.repository,
          builder: written
        ).commands)
    }
    text = lines.joined(separator: "\n")
  }
}
