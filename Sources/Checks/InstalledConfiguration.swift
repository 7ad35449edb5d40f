import Builders
import Fragments

/// What this machine has installed, as far as it concerns a builder.
public enum InstalledConfiguration {
  /// Whether Nix and ssh here know the builder as it would be written: its line among Nix's
  /// builders, and its Host block in ssh's configuration.
  public static func knows(_ builder: Builder) async -> Bool {
    async let settings = NixSettings.installed()
    async let host = ssh(builder.alias)
    let installed = MachineLine.all(inSetting: await settings?.builders ?? "")
    guard let written = MachineLine(builder.machineLine),
      let line = installed.first(where: { $0.host == written.host }),
      line.url == written.url, Set(line.systems) == Set(written.systems)
    else { return false }
    guard builder.usesHostBlock else { return true }
    let options = await host
    return options["hostname"] == [builder.address] && options["port"] == ["\(builder.port)"]
      && options["user"] == [builder.user]
      && options["identityfile"]?.contains(builder.keyPath) == true
  }

  /// What `ssh -G` says of a host: each keyword, in lower case, with its values.
  private static func ssh(_ host: String) async -> [String: [String]] {
    let command = Command(["ssh", "-G", "--", host], timeLimit: TimeLimits.local)
    let lines = await command.run().output.split(separator: "\n")
    return lines.reduce(into: [:]) { options, line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if words.count == 2 { options[words[0], default: []].append(words[1]) }
    }
  }
}
