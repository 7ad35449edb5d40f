import Base
import Builders
import Fragments
import Nix

/// What this machine has installed, as far as it concerns its builders.
public struct InstalledConfiguration: Sendable {
  /// The machines of Nix's `builders` setting.
  package let machines: [NixMachine]
  /// The settings of Nix; `nil` when it does not answer.
  let settings: NixSettings?

  /// Looks what is installed.
  public static func read() async -> InstalledConfiguration {
    let settings = await NixSettings.installed()
    return InstalledConfiguration(
      machines: NixMachine.all(inSetting: settings?.builders ?? ""), settings: settings)
  }

  /// Whether Nix and ssh here know the builder as it would be written: its line among Nix's
  /// builders, and its Host block in ssh's configuration.
  public static func knows(_ builder: Builder) async -> Bool {
    async let installed = read()
    async let options = SSHOptions.installed(for: builder.alias)
    let differences =
      await installed.differences(of: builder)
      + (builder.usesHostBlock ? builder.differences(in: await options) : [])
    return !differences.contains(where: \.isOfConnection)
  }

  // MARK: - Differences

  /// What Nix here has otherwise than it is written.
  package func differences(of builder: Builder) -> [InstalledDifference] {
    guard let written = try? NixMachine(builder.machineLine) else { return [] }
    guard let line = machines.first(where: { $0.url.host == written.url.host }) else {
      return [InstalledDifference(builder.alias, .machine, written: "among Nix's builders")]
    }
    var differences: [InstalledDifference] = []
    func compare(_ subject: InstalledDifference.Subject, _ written: String, _ installed: String) {
      if written == installed { return }
      differences.append(
        InstalledDifference(builder.alias, subject, written: written, installed: installed))
    }
    func list(_ values: [String]) -> String {
      values.isEmpty ? "none" : values.sorted().joined(separator: " ")
    }
    compare(.url, written.url.text, line.url.text)
    compare(.systems, list(written.systems), list(line.systems))
    compare(.maxJobs, "\(written.maxJobs)", "\(line.maxJobs)")
    compare(.speed, decimalText(written.speedFactor), decimalText(line.speedFactor))
    compare(.features, list(written.supportedFeatures), list(line.supportedFeatures))
    compare(.mandatoryFeatures, list(written.mandatoryFeatures), list(line.mandatoryFeatures))
    compare(.keyPath, written.keyPath ?? "none", line.keyPath ?? "none")
    compare(.hostKey, written.publicHostKey ?? "none", line.publicHostKey ?? "none")
    return differences
  }

  /// What Nix here has otherwise than the settings of this machine that are written.
  package func differences(of local: LocalSettings) -> [InstalledDifference] {
    guard let settings else { return [] }
    var differences: [InstalledDifference] = []
    if local.buildersUseSubstitutes, !settings.buildersUseSubstitutes {
      differences.append(
        InstalledDifference(nil, .buildersUseSubstitutes, written: "true", installed: "false"))
    }
    if let jobs = local.maxJobs, jobs != settings.maxJobs {
      differences.append(
        InstalledDifference(
          nil, .localMaxJobs, written: "\(jobs)", installed: "\(settings.maxJobs)"))
    }
    return differences
  }
}

extension Builder {
  /// What ssh here makes of the builder's alias otherwise than it is written.
  package func differences(in options: SSHOptions) -> [InstalledDifference] {
    var differences: [InstalledDifference] = []
    func compare(_ subject: InstalledDifference.Subject, _ written: String, _ installed: String?) {
      if written == installed { return }
      differences.append(
        InstalledDifference(alias, subject, written: written, installed: installed))
    }
    compare(.address, address.lowercased(), options["hostname"]?.lowercased())
    compare(.port, "\(port)", options["port"])
    compare(.user, user, options["user"])
    if !options.identityFiles.contains(where: {
      $0.unicodeScalars.replacing("%%", with: "%") == keyPath
    }) {
      compare(.identityFile, keyPath, options.identityFiles.first)
    }
    // ssh makes the letters of a name small: what differs in that alone is the same.
    compare(.hostKeyAlias, alias.lowercased(), options["hostkeyalias"]?.lowercased() ?? "none")
    compare(.bastion, proxyJump ?? "none", options.proxyJump ?? "none")
    for (keyword, written) in writtenOptions where keyword.hasPlainValue {
      let installed = options[keyword.name.lowercased()] ?? "none"
      if keyword.meaning(of: written) == keyword.meaning(of: installed) { continue }
      compare(.option(keyword.name), written, installed)
    }
    // Without a block of its own everything differs, and one line says it.
    if options["hostname"]?.lowercased() == alias.lowercased(),
      address.lowercased() != alias.lowercased()
    {
      return [InstalledDifference(alias, .hostBlock, written: "in ssh's configuration")]
    }
    return differences
  }
}

/// A speed factor as one would write it.
private func decimalText(_ number: Double) -> String {
  Int(exactly: number).map { "\($0)" } ?? "\(number)"
}

extension BuilderTest {
  /// A test by a configuration; by `nil` it goes by the installed one when that knows the builder
  /// as it would be written, else by the written one.
  public static func test(of builder: Builder, by source: Source?) async -> BuilderTest {
    if let source { return BuilderTest(builder: builder, source: source) }
    let isKnown = await InstalledConfiguration.knows(builder)
    return BuilderTest(builder: builder, source: isKnown ? .installed : .written)
  }
}
