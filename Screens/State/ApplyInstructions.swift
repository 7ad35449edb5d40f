import Builders
import Fragments
import Interface

/// What is left to do by hand after the fragments were written.
public struct ApplyInstructions: Equatable, Sendable {
  private let directory: String
  private let repository: Repository?
  private let builder: Builder?

  /// Creates instructions.
  ///
  /// - Parameter builder: the builder whose fragment has to get to it; `nil` for none.
  public init(directory: String, repository: Repository?, builder: Builder?) {
    self.directory = directory
    self.repository = repository
    self.builder = builder
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

  /// The instructions for reading.
  var lines: [StyledLine] {
    func block(_ title: String, _ steps: [(String, String)]) -> [StyledLine] {
      [StyledLine(title, Theme.strong)]
        + steps.flatMap { note, line in
          [StyledLine("  \(note)", Theme.muted), StyledLine("    \(line)")]
        }
    }
    var lines = block("On this machine", localSteps)
    if let builder {
      lines += [StyledLine("")] + block("On \(builder.alias)", remoteSteps(of: builder))
    }
    return lines
  }

  /// The instructions as text, for the clipboard and for the ordinary screen.
  public var commands: String {
    var text = "# on this machine\n"
    for (note, line) in localSteps { text += "# \(note)\n\(line)\n" }
    if let builder {
      text += "# on \(builder.alias)\n"
      for (note, line) in remoteSteps(of: builder) { text += "# \(note)\n\(line)\n" }
    }
    return text
  }
}
