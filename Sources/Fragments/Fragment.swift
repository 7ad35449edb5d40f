import Base
import Builders

/// A generated configuration file.
public struct Fragment: Equatable, Sendable {
  /// Its name in the output directory, such as `remote-forge.nix`.
  public var fileName: String
  /// Its content.
  public var text: String

  /// The name of the one for this machine.
  public static let localName = "local.nix"

  /// Creates a fragment.
  public init(fileName: String, text: String) {
    self.fileName = fileName
    self.text = text
  }

  /// A NixOS module with its header. It takes no arguments, so that it can be evaluated without
  /// nixpkgs.
  init(fileName: String, about: String, _ bindings: [NixBinding]) {
    var head = NixPrinter()
    head.print(comment: about, indentation: 0)
    head.print(
      comment: "Written by nix-builders from \(Inventory.fileName); changes belong there.",
      indentation: 0)
    let body = NixPrinter.text(of: .attributes(bindings))
    let digest = FNV.digest((head.text + body).utf8)
    self.init(fileName: fileName, text: "\(head.text)\(Digest.mark)\(digest)\n\(body)")
  }
}

extension Inventory {
  /// Every fragment of this inventory: `local.nix`, then `remote-<alias>.nix` for each builder
  /// that is enabled.
  public func fragments() -> [Fragment] {
    [localFragment()] + enabledBuilders.filter(\.hasRemoteFragment).map { $0.remoteFragment() }
  }
}
