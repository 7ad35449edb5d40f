import Base
import Fragments
import Glibc

/// What `nixos-rebuild` is on the machines of practice: it evaluates the machine's configuration with
/// Nix, with all that it imports, and makes what it says.
public enum Rebuild: String, Sendable {
  /// Of the local machine.
  case local
  /// Of the builder.
  case builder

  /// Where it lies on both machines.
  static let directory = "/run/practice/bin"
  private static let configuration = "/etc/nixos/configuration.nix"

  /// Does what it is told.
  ///
  /// - Parameters:
  ///   - words: its arguments.
  ///   - tell: takes a line about what it does.
  public func run(
    _ words: [String], tell: (String) -> Void
  ) async throws(PracticeError) {
    let file = try Self.file(words)
    guard geteuid() == 0 else {
      throw .failed(step: "nixos-rebuild", reason: "only root may switch the configuration")
    }
    let programs = Programs.find()
    // The first process has id 1 on its own machine.
    let machine = Machine(pid: 1, hostName: hostName, programs: programs)
    tell("building the system configuration...")
    let values = try await FragmentEvaluation.run(
      file, on: machine, by: ConfigurationExpression.text)
    let script: String
    let summary: [String]
    switch self {
    case .local:
      let configuration = try LocalConfiguration(values)
      (script, summary) = (configuration.script, configuration.summary)
    case .builder:
      let configuration = try RemoteConfiguration(values)
      (script, summary) = (configuration.script(programs), configuration.summary)
    }
    tell("activating the configuration...")
    try await machine.run("nixos-rebuild", script)
    for line in summary { tell(line) }
  }

  private var hostName: String { self == .local ? Machine.localName : Machine.builderName }

  /// The configuration that is meant.
  private static func file(_ words: [String]) throws(PracticeError) -> String {
    let option = "nixos-config="
    switch (words.count, words.first) {
    case (1, "switch"): return configuration
    case (2, "switch") where words[1] == "--impure": return configuration
    case (3, "switch") where words[1] == "-I" && words[2].unicodeScalars.hasPrefix(option):
      return String(words[2].unicodeScalars.dropFirst(option.unicodeScalars.count))
    default:
      throw .failed(
        step: "nixos-rebuild",
        reason: "practice knows switch, and switch -I nixos-config=FILE, not: "
          + words.joined(separator: " "))
    }
  }

  /// The part of a script that gives a machine a configuration, as the one who installed it got it,
  /// and the program.
  func script(program: String?) -> String {
    var steps = [
      writing(Self.text(sshd: self == .builder), to: Self.configuration),
      writing("{ ... }: { }\n", to: "/etc/nixos/hardware-configuration.nix"),
    ]
    if let program {
      let text =
        "#!/bin/sh\nexec \(Shell.quoted(program)) practice --rebuild \(rawValue) -- \"$@\"\n"
      steps += [
        "mkdir -p \(Self.directory)", writing(text, to: "\(Self.directory)/nixos-rebuild"),
        "chmod 755 \(Self.directory)/nixos-rebuild",
      ]
    }
    return steps.joined(separator: "\n")
  }

  private static func text(sshd: Bool) -> String {
    """
    { config, lib, pkgs, ... }:

    {
      imports =
        [ # Include the results of the hardware scan.
          ./hardware-configuration.nix
        ];
    \(sshd ? "\n  services.openssh.enable = true;\n" : "")}

    """
  }
}
