import Glibc
import SystemPackage

/// How a folder lies in its owner's configuration.
public struct Repository: Equatable, Sendable {
  /// The root of the git repository that holds the folder; `nil` when it is in none.
  public var gitRoot: String?
  /// Whether a flake.nix stands at that root: Nix then only sees files that git knows.
  public var isFlake: Bool

  /// Creates a description, for tests.
  public init(gitRoot: String?, isFlake: Bool) {
    self.gitRoot = gitRoot
    self.isFlake = isFlake
  }

  /// Looks upwards from a folder, which need not exist yet.
  public static func around(_ folder: FilePath) -> Repository {
    var path = folder
    while true {
      if exists(path.appending(".git")) {
        return Repository(gitRoot: path.string, isFlake: exists(path.appending("flake.nix")))
      }
      let above = path.removingLastComponent()
      if above == path || above.isEmpty { return Repository(gitRoot: nil, isFlake: false) }
      path = above
    }
  }

  private static func exists(_ path: FilePath) -> Bool {
    path.withPlatformString { access($0, F_OK) == 0 }
  }
}
