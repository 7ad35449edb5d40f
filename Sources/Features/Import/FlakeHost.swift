import Base
import Builders
import Fragments
import Nix
import Processes

/// A host of a flake: `.#laptop`, `/etc/nixos#laptop`, `github:owner/configuration#laptop`.
public struct FlakeHost: Equatable, Sendable {
  /// The flake.
  public var flake: String
  /// The host, or the attribute path of its configuration.
  public var host: String

  /// Takes a reference apart at its `#`; `nil` when it has none, or nothing after it.
  public init?(_ text: String) {
    let scalars = text.unicodeScalars
    guard let mark = scalars.firstIndex(of: "#") else { return nil }
    let flake = String(scalars[..<mark])
    host = String(scalars[scalars.index(after: mark)...])
    self.flake = flake.isEmpty ? "." : flake
    // Neither an option of nix nor more than one word.
    guard !host.isEmpty, self.flake.unicodeScalars.first != "-",
      text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return nil }
  }

  /// The reference as one writes it.
  public var text: String { "\(flake)#\(host)" }

  /// Where configurations stand in a flake, the likeliest first.
  private static let sets = ["nixosConfigurations", "darwinConfigurations"]

  /// The attribute paths that the host may stand at.
  var attributes: [String] {
    let isPath = Self.sets.contains { host.unicodeScalars.hasPrefix("\($0).") }
    if isPath { return ["\(host).config"] }
    let name = host.unicodeScalars.replacing("\\", with: "\\\\").unicodeScalars
      .replacing("\"", with: "\\\"")
    return Self.sets.map { "\($0).\"\(name)\".config" }
  }

  /// What the host's configuration says or, as a note, why nothing could be read.
  func read() async -> ImportedModule {
    var module = ImportedModule(file: text)
    var first: NixEvaluation.Failure?
    for attribute in attributes {
      do throws(NixEvaluation.Failure) {
        let value = try await NixEvaluation.value(printedBy: evaluation(attribute))
        guard case .object(let values) = value else {
          throw NixEvaluation.Failure(reason: "Nix gave no attribute set.")
        }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { module.take(name, value) }
        return module
      } catch {
        first = first ?? error
        // Only where there is no such host is the next place looked at.
        guard error.reason.unicodeScalars.contains("does not provide attribute") else { break }
      }
    }
    let failure = first ?? NixEvaluation.Failure(reason: "There is no such host.")
    let reason = failure.isMissing ? failure.reason : "Nix cannot evaluate it: \(failure.reason)"
    module.notes = [ImportNote(failure.isMissing ? .missing : .leftOut, at: text, reason)]
    return module
  }

  private func evaluation(_ attribute: String) -> Command {
    Command(
      [
        "nix", "--extra-experimental-features", "nix-command flakes", "eval", "--json",
        "--no-write-lock-file", "\(flake)#\(attribute)", "--apply", Self.expression,
      ], timeLimit: TimeLimits.flake, outputLimit: .inventory)
  }

  /// What of a whole configuration says something about builders, under the names that
  /// ``ImportedModule`` takes. Options that this NixOS, or nix-darwin, does not have are null.
  private static let expression = #"""
    config:
    let
      nix = config.nix or { };
      settings = nix.settings or { };
      ssh = (config.programs or { }).ssh or { };
      known = host:
        builtins.intersectAttrs { hostNames = 0; extraHostNames = 0; publicKey = 0; certAuthority = 0; } host
        // (if (host.publicKey or null) == null && (host.publicKeyFile or null) != null
            && builtins.pathExists host.publicKeyFile
          then { publicKey = builtins.head (builtins.split "\n" (builtins.readFile host.publicKeyFile)); }
          else { });
    in
    {
      machines = map
        (machine: builtins.intersectAttrs
          {
            hostName = 0; protocol = 0; system = 0; systems = 0; sshUser = 0; sshKey = 0;
            maxJobs = 0; speedFactor = 0; supportedFeatures = 0; mandatoryFeatures = 0;
            publicHostKey = 0;
          }
          machine)
        (nix.buildMachines or [ ]);
      extraConfig = ssh.extraConfig or null;
      knownHosts = builtins.mapAttrs (name: known) (ssh.knownHosts or { });
      extraOptions = nix.extraOptions or null;
      distributedBuilds = nix.distributedBuilds or null;
      buildersUseSubstitutes = settings.builders-use-substitutes or null;
      maxJobs = settings.max-jobs or null;
      builders =
        let value = settings.builders or null;
        in if value == null || builtins.match ".*@/etc/nix/machines.*" value != null then null else value;
    }
    """#
}
