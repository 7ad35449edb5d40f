import Base
import Builders
import Fragments
import Glibc

// What is wrong with what this machine has installed, where a builder cannot be used by it. Nothing
// of this asks the builder.
extension InstalledConfiguration {
  /// Why a builder is not among those that Nix knows.
  ///
  /// - Parameter setting: Nix's `builders`.
  static func reasonMissing(_ builder: Builder, setting: String) -> Diagnosis {
    let listed = NixMachine.all(inSetting: "@/etc/nix/machines").contains { $0.isLine(of: builder) }
    guard listed else { return .notInstalled(builder) }
    if let place = placeOfOwnBuilders() { return .buildersOverridden(builder, by: place) }
    let isEmpty = setting.unicodeScalars.allSatisfy(\.isBlankOrLineEnd)
    return isEmpty
      ? .distributedBuildsOff(builder) : .buildersOverridden(builder, by: "/etc/nix/nix.conf")
  }

  /// What overrides the machine's own `builders`: the environment, or a user's file.
  private static func placeOfOwnBuilders() -> String? {
    func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    if setsBuilders(variable("NIX_CONFIG") ?? "") { return "the variable NIX_CONFIG" }
    let folder = variable("XDG_CONFIG_HOME") ?? "\(variable("HOME") ?? "/root")/.config"
    let files =
      variable("NIX_USER_CONF_FILES")?.unicodeScalars.split(separator: ":").strings
      ?? ["\(folder)/nix/nix.conf"]
    return files.first { setsBuilders((try? WholeFile($0, atMost: .configuration).text) ?? "") }
  }

  static func setsBuilders(_ configuration: String) -> Bool {
    configuration.unicodeScalars.lines.contains { line in
      line.words.strings.prefix(2) == ["builders", "="]
    }
  }

  /// What in ssh's configuration stands in the way to a builder whose login has failed.
  static func fault(of builder: Builder) async -> Diagnosis? {
    guard builder.usesHostBlock else { return nil }
    let options = await SSHOptions.installed(for: builder.alias)
    let differences = builder.differences(in: options).filter(\.isOfLogin)
    if options.values.isEmpty || differences.isEmpty { return nil }
    if differences.contains(where: { $0.subject == .hostBlock }) {
      return .noHostBlock(builder, owner: ownerOfHostBlock(builder.alias))
    }
    return .aliasShadowed(builder, differences)
  }

  /// Who has started this program by sudo and has such a Host block.
  private static func ownerOfHostBlock(_ alias: String) -> String? {
    guard let user = getenv("SUDO_USER"), let account = getpwnam(user) else { return nil }
    let home = String(cString: account.pointee.pw_dir)
    return hasHostBlock(
      alias, (try? WholeFile("\(home)/.ssh/config", atMost: .configuration).text) ?? "")
      ? String(cString: user) : nil
  }

  static func hasHostBlock(_ alias: String, _ configuration: String) -> Bool {
    configuration.unicodeScalars.lines.contains { line in
      let words = line.split { $0.isBlank || $0 == "=" || $0 == "\"" }.strings
      return words.first?.lowercased() == "host" && words.dropFirst().contains { $0 == alias }
    }
  }
}

extension NixMachine {
  /// Whether it is the line of a builder: by the Host block's name or, without one, the address.
  func isLine(of builder: Builder) -> Bool {
    url.host == builder.hostName
  }
}
