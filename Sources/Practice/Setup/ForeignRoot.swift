import Base
import CNamespaces

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

  /// The folders of this computer's that the program needs in there: its own, and that of Swift's
  /// libraries, which no distribution has.
  private var sharedFolders: [String] {
    guard let program else { return [] }
    return Set([program, ForeignRoot.runtime].compactMap(\.self).map(ForeignRoot.folder)).sorted()
  }

  private static func folder(of file: String) -> String {
    "/"
      + file.unicodeScalars.split(separator: "/").dropLast().map(String.init).joined(separator: "/")
  }

  /// The file that Swift's runtime was loaded from; the program itself where it holds that.
  private static let runtime = cnamespaces_library_of("swift_retain").map { String(cString: $0) }
}
