import Builders
import Fragments

/// A tiny derivation with a fresh name, so that it is really built each time. It needs no nixpkgs
/// and downloads nothing.
package struct Probe: Equatable, Sendable {
  /// The system that it is for.
  package var system: String
  /// The features that it requires.
  package var features: [String]
  /// Whether it asks to be built on the local machine.
  package var preferLocalBuild = false
  /// What makes its name and its output unlike those of any other.
  package var nonce = Probe.freshNonce()

  package init(system: String, features: [String]) {
    self.system = system
    self.features = features
  }

  package static func freshNonce() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// The derivation as a Nix expression.
  package var expression: String {
    let list = features.map { NixString.quoted($0) + " " }.joined()
    let preference = preferLocalBuild ? "  preferLocalBuild = true;\n" : ""
    return """
      derivation {
        name = "probe-1-\(nonce)";
        system = \(NixString.quoted(system));
        builder = "/bin/sh";
        args = [ "-c" "echo built for $system; echo \(nonce) > $out" ];
        requiredSystemFeatures = [ \(list)];
      \(preference)}

      """
  }
}
