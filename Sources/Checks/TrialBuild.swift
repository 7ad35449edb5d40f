import Base
import Builders
import Fragments

/// A build by which a person sees a builder at work in a shell of their own: a derivation with a
/// fresh name each time, which no cache has.
public struct TrialBuild: Equatable, Sendable {
  private let builder: Builder
  private let namesBuilder: Bool

  /// Creates a trial.
  ///
  /// - Parameter others: the other builders that are installed. Where one of them could take the
  ///   build too, the command names the one that is meant.
  public init(on builder: Builder, among others: [Builder]) {
    self.builder = builder
    let (system, features) = (builder.systems.first ?? "", builder.mandatoryFeatures)
    namesBuilder = others.contains { other in
      other.alias != builder.alias && other.enabled && other.systems.contains(system)
        && features.allSatisfy((other.supportedFeatures + other.mandatoryFeatures).contains)
        && other.mandatoryFeatures.allSatisfy(features.contains)
    }
  }

  /// The command as one types it. With `-v` Nix says where it builds: `on 'ssh-ng://forge'`.
  public var command: String {
    let words =
      ["nix", "build", "-v", "--no-link", "--impure", "--max-jobs", "0"]
      + (namesBuilder ? ["--builders", builder.machineLine] : [])
      + ["--extra-experimental-features", "nix-command", "--expr", expression]
    return Shell.line(words)
  }

  private var expression: String {
    let features = builder.mandatoryFeatures.map { NixString.quoted($0) + " " }.joined()
    let required = features.isEmpty ? "" : " requiredSystemFeatures = [ \(features)];"
    return #"derivation { name = "try-${toString builtins.currentTime}"; "#
      + "system = \(NixString.quoted(builder.systems.first ?? "")); "
      + #"builder = "/bin/sh"; args = [ "-c" "echo built > $out" ]; "#
      + "allowSubstitutes = false;\(required) }"
  }
}
