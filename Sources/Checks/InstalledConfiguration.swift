import Builders
import Fragments

/// What this machine has installed, as far as it concerns a builder.
public enum InstalledConfiguration {
  /// Whether Nix and ssh here know the builder as it would be written: its line among Nix's
  /// builders, and its Host block in ssh's configuration.
  public static func knows(_ builder: Builder) async -> Bool {
    async let settings = NixSettings.installed()
    async let host = ssh(builder.alias)
    let installed = NixMachine.all(inSetting: await settings?.builders ?? "")
    guard let written = try? NixMachine(builder.machineLine),
      let line = installed.first(where: { $0.url.host == written.url.host }),
      line.url == written.url, Set(line.systems) == Set(written.systems)
    else { return false }
    guard builder.usesHostBlock else { return true }
    let options = await host
    return options["hostname"] == builder.address && options["port"] == "\(builder.port)"
      && options["user"] == builder.user && options.identityFiles.contains(builder.keyPath)
  }

  /// What ssh here makes of a host.
  private static func ssh(_ host: String) async -> SSHOptions {
    let command = Command(["ssh", "-G", "--", host], timeLimit: TimeLimits.local)
    return SSHOptions(printed: await command.run().output)
  }
}
