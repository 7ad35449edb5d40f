import Builders
import Fragments
import Interface

/// What is left to do by hand after the fragments were written.
public struct ApplyInstructions: Equatable, Sendable {
  private let directory: String
  private let repository: Repository?
  private let builders: [Builder]
  private let concernsThisMachine: Bool

  /// Creates instructions.
  ///
  /// - Parameters:
  ///   - builders: those whose fragments have to get to them.
  ///   - concernsThisMachine: whether something is left to do here.
  public init(
    directory: String, repository: Repository?, builders: [Builder],
    concernsThisMachine: Bool = true
  ) {
    self.directory = directory
    self.repository = repository
    self.builders = builders
    self.concernsThisMachine = concernsThisMachine
  }

  private var folderName: String {
    directory.split(separator: "/").last.map(String.init) ?? directory
  }

  private var parent: String {
    let parts = directory.split(separator: "/").dropLast()
    return "/" + parts.joined(separator: "/")
  }

  /// The line that imports the local fragment, to stand beside the output directory.
  public var importLine: String { "imports = [ ./\(folderName)/local.nix ];" }

  /// The steps on the local machine: what it is, and the line to type.
  private var localSteps: [(String, String)] {
    var steps = [("once, in a module of \(parent)", importLine)]
    if let root = repository?.gitRoot, repository?.isFlake == true {
      steps.append(("a flake sees only what git knows", "git -C \(root) add \(directory)"))
    }
    return steps + [("then", "nixos-rebuild switch")]
  }

  private func remoteSteps(of builder: Builder) -> [(String, String)] {
    let file = "remote-\(builder.alias).nix"
    return [
      ("its fragment", "\(directory)/\(file)"),
      ("once, beside its configuration.nix", "imports = [ ./\(file) ];"),
      ("then", "nixos-rebuild switch"),
    ]
  }

  /// Each machine with its steps.
  private var blocks: [(machine: String, steps: [(String, String)])] {
    // This machine is not to use a builder that does not know it yet.
    builders.map { ($0.alias, remoteSteps(of: $0)) }
      + (concernsThisMachine ? [("this machine", localSteps)] : [])
  }

  /// The instructions for reading.
  var lines: [StyledLine] {
    let texts = blocks.map { machine, steps in
      [StyledLine("On \(machine)", Theme.strong)]
        + steps.flatMap { note, line in
          [StyledLine("  \(note)", Theme.muted), StyledLine("    \(line)")]
        }
    }
    return Array(texts.joined(separator: [StyledLine("")]))
  }

  /// The instructions as text, for the clipboard and for the ordinary screen.
  public var commands: String {
    var text = ""
    for (machine, steps) in blocks {
      text += "# on \(machine)\n"
      for (note, line) in steps { text += "# \(note)\n\(line)\n" }
    }
    return text
  }
}
