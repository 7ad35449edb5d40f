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
    return differences(of: await host, from: builder).isEmpty
  }

  /// What ssh here has otherwise than it would be written, such as `user is me, not nixremote`.
  static func differences(of options: SSHOptions, from builder: Builder) -> [String] {
    var differences: [String] = []
    for (keyword, value) in [
      ("hostname", builder.address), ("port", "\(builder.port)"), ("user", builder.user),
    ] where options[keyword]?.lowercased() != value.lowercased() {
      differences.append("\(keyword) is \(options[keyword] ?? "not set"), not \(value)")
    }
    if !options.identityFiles.contains(builder.keyPath) {
      let files = options.identityFiles.joined(separator: " ")
      differences.append("identityfile is \(files), not \(builder.keyPath)")
    }
    return differences
  }

  /// What ssh here makes of a host.
  static func ssh(_ host: String) async -> SSHOptions {
    let command = Command(["ssh", "-G", "--", host], timeLimit: TimeLimits.local)
    return SSHOptions(printed: await command.run().output)
  }
}
