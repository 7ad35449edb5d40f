import Base
import Builders
import Fragments
import SSH

/// How a written fragment gets to work on a machine: the commands, in order.
public struct ApplyPlan: Equatable, Sendable {
  /// A step, which is one command.
  public enum Step: CaseIterable, Hashable, Sendable {
    /// Log in; the other steps share this connection.
    case connect
    /// Look what is there. Nothing is changed.
    case look
    /// Bring the fragment over.
    case copy
    /// Put it into its place, and switch to the configuration with it.
    case activate
  }

  /// The login on the builder; `nil` for the local machine.
  public var login: AdministratorLogin?
  /// The directory of the configuration, in full.
  public var directory: String
  /// The name of the module there that has to import the fragment.
  private var configurationName = "configuration.nix"
  /// Whether the configuration is looked for where it is not in the directory.
  private var isSearching = false
  /// The fragment on the local machine, in full.
  public var fragment: String
  /// What the configuration has to import, such as `./remote-forge.nix`.
  public var importedPath: String
  /// Whether sudo is needed to change anything.
  public var needsSudo: Bool
  /// What was found there; `nil` until somebody has looked.
  public var found: ConfigurationLook?
  /// Whether the import is put in where it is missing.
  public var addsImport = false
  /// Whether the connection that the steps share is open already.
  public var isConnected = false

  /// A plan for a builder.
  ///
  /// - Parameters:
  ///   - directory: the directory of the configuration there.
  ///   - output: the directory of the fragments here.
  public init(builder: Builder, login: AdministratorLogin, directory: String, output: String) {
    self.login = login
    self.directory = directory
    fragment = "\(output)/remote-\(builder.alias).nix"
    importedPath = "./remote-\(builder.alias).nix"
    needsSudo = !login.isRoot
  }

  /// A plan for the local machine.
  ///
  /// - Parameter output: the directory of the fragments, which lies in that of the configuration.
  public init(output: String, isRoot: Bool) {
    let parts = output.unicodeScalars.split(separator: "/").strings
    directory = "/" + parts.dropLast().joined(separator: "/")
    fragment = "\(output)/local.nix"
    importedPath = "./\(parts.last ?? "")/local.nix"
    needsSudo = !isRoot
    isSearching = true
  }

  /// Goes by the configuration in a directory, and by no other.
  public mutating func useConfiguration(in directory: String) {
    move(to: directory, "configuration.nix")
    isSearching = false
  }

  /// Takes what was found, and where that is.
  public mutating func take(_ found: ConfigurationLook) {
    self.found = found
    guard let place = found.place, !place.isEmpty else { return }
    let parts = place.unicodeScalars.split(separator: "/").strings
    let name = parts.last ?? ""
    move(
      to: "/" + parts.dropLast().joined(separator: "/"),
      name == "flake.nix" ? "configuration.nix" : name)
  }

  /// The configuration is there: a fragment below it is imported by the way from there, any other
  /// by its whole path.
  private mutating func move(to directory: String, _ name: String) {
    self.directory = directory
    configurationName = name
    importedPath =
      fragment.unicodeScalars.hasPrefix("\(directory)/")
      ? "." + String(fragment.unicodeScalars.dropFirst(directory.unicodeScalars.count))
      : fragment
  }

  private var isImportedFromElsewhere: Bool { importedPath.utf8.first == UInt8(ascii: "/") }

  /// The steps in order.
  public var steps: [Step] {
    if login == nil { return [.look, .activate] }
    return isConnected ? [.look, .copy, .activate] : Step.allCases
  }

  /// The module that has to import the fragment.
  public var configurationFile: String { "\(directory)/\(configurationName)" }

  /// Where the fragment stands there before it is put into its place: in the home of the account.
  private var stagedName: String { ".\(fragmentName)" }
  private var fragmentName: String {
    fragment.unicodeScalars.split(separator: "/").strings.last ?? ""
  }

  /// The command of a step.
  public func command(_ step: Step) -> ApplyCommand {
    switch step {
    case .connect: return ApplyCommand(login: login)
    case .look:
      return ApplyCommand(
        login: login,
        script: isSearching
          ? ConfigurationLook.searchingScript(directory: directory)
          : ConfigurationLook.script(directory: directory), capturesOutput: true)
    case .copy:
      return ApplyCommand(login: login, script: "cat >\(staged)", inputFile: fragment)
    case .activate:
      return ApplyCommand(
        login: login, script: activation.joined(separator: " && "), wantsTerminal: true)
    }
  }

  private var staged: String { Shell.quoted(stagedName) }

  /// What changes the machine.
  private var activation: [String] {
    let sudo = needsSudo ? "sudo " : ""
    let place = Shell.quoted(directory)
    var commands: [String] = []
    if login != nil {
      let installed = Shell.quoted("\(directory)/\(fragmentName)")
      commands.append("\(sudo)install -m 644 \(staged) \(installed)")
    }
    if addsImport, case .addable(let addition)? = found?.standing(of: importedPath) {
      // A backup is kept; a link stays one.
      commands.append(
        "\(sudo)sed -i.before --follow-symlinks '\(addition.line)a\\\(addition.text)' "
          + Shell.quoted(configurationFile))
    }
    if found?.isGitFlake == true, !isImportedFromElsewhere {
      // A flake sees only what git knows.
      let path = Shell.quoted(importedPath)
      commands.append("\(sudo)git -C \(place) add --intent-to-add \(path)")
    }
    commands.append("\(sudo)nixos-rebuild switch" + rebuildOption)
    if login != nil { commands.append("rm \(staged)") }
    return commands
  }

  /// Nothing where nixos-rebuild looks by itself.
  private var rebuildOption: String {
    // By itself a flake may read nothing outside of it.
    let impure = found?.hasFlake == true && isImportedFromElsewhere ? " --impure" : ""
    if directory == "/etc/nixos", configurationName == "configuration.nix" { return impure }
    if found?.hasFlake == true { return " --flake \(Shell.quoted(directory))\(impure)" }
    return " -I nixos-config=\(Shell.quoted(configurationFile))"
  }
}
