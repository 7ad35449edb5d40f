import Base
import FoundationEssentials

/// The root file system of another distribution, such as debootstrap makes it, that a machine lives
/// in: with other versions of Nix and ssh than this computer's.
struct ForeignRoot {
  /// The folder that it lies in.
  var path: String
  /// This program, which has to be found in it at its own path.
  var program: String?

  /// The step that makes it the machine's files, in the terms of ``Files``.
  var script: String {
    let layer = "layer \(Shell.quoted(path)) root"
    let shared = sharedFolders.map { folder in
      """
      mkdir -p root\(Shell.quoted(folder))
      mount --bind \(Shell.quoted(folder)) root\(Shell.quoted(folder))
      """
    }
    return ([layer] + shared).joined(separator: "\n")
  }

  /// The folders of this computer's that the program needs in there: its own, and those of
  /// libraries that no distribution has, such as Swift's.
  private var sharedFolders: [String] {
    guard let program else { return [] }
    // Those of this computer's distribution would not fit: the other one has its own.
    let libraries = ForeignRoot.libraries().filter {
      !$0.unicodeScalars.hasPrefix("/usr/") && !$0.unicodeScalars.hasPrefix("/lib")
    }
    return Set(([program] + libraries).map(ForeignRoot.folder)).sorted()
  }

  private static func folder(of file: String) -> String {
    "/"
      + file.unicodeScalars.split(separator: "/").dropLast().map(String.init).joined(separator: "/")
  }

  /// The libraries that this process has loaded.
  private static func libraries() -> [String] {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    let files = maps.unicodeScalars.lines.compactMap { line in
      line.firstIndex(of: "/").map { line[$0...] }
    }
    return files.filter { $0.contains(".so") && !$0.hasSuffix(" (deleted)") }.map(String.init)
  }
}
