import Base
import Builders

/// What the values of a NixOS module say about builders (nixos/modules/config/nix-remote-build.nix,
/// nixos/modules/programs/ssh.nix).
public struct ImportedModule: Equatable, Sendable {
  /// The entries of `nix.buildMachines`.
  public var machines: [MachineEntry] = []
  /// `programs.ssh.extraConfig`, empty where there is none.
  public var sshConfiguration = ""
  /// The host keys of `programs.ssh.knownHosts`, by each name in lower case.
  public var hostKeys: [String: String] = [:]
  /// `nix.settings.builders`; `nil` where it is left to NixOS, which then names
  /// /etc/nix/machines.
  public var builders: String?
  /// The settings of the local machine.
  public var settings: ImportedSettings
  /// The files and folders that it imports.
  public var imports: [String] = []
  /// What could not be understood.
  public var notes: [ImportNote] = []

  /// Options that Nix cannot evaluate without the rest of NixOS, and why.
  fileprivate var unevaluated: [Unevaluated] = []

  fileprivate struct Unevaluated: Equatable, Sendable {
    var option: String
    var reason: String
    /// Whether a machine is lost by it.
    var isMachine: Bool
  }

  /// Where it is.
  public let file: String

  /// Begins a module without values.
  public init(file: String) {
    self.file = file
    settings = ImportedSettings(place: file)
  }

  /// Takes a value in.
  ///
  /// - Parameter name: an attribute of what ``ImportExpression`` evaluates to.
  public mutating func take(_ name: String, _ value: JSONValue) {
    switch (name, value) {
    case (_, .null): break
    case ("machines", .array(let machines)):
      for (index, machine) in machines.enumerated() { take(machine: machine, number: index) }
    case ("extraConfig", .string(let text)): sshConfiguration = text
    case ("knownHosts", .object(let hosts)): take(knownHosts: hosts)
    case ("extraOptions", .string(let text)): take(extraOptions: text)
    case ("distributedBuilds", .bool(let value)): settings.distributedBuilds = value
    case ("buildersUseSubstitutes", .bool(let value)): settings.buildersUseSubstitutes = value
    case ("maxJobs", .integer(let value)): settings.maxJobs = value
    case ("builders", .string(let text)): builders = text
    // It means as many as there are processors, which is also NixOS's own setting.
    case ("maxJobs", .string("auto")): break
    case ("imports", .array(let imports)):
      for (index, path) in imports.enumerated() {
        if case .string(let path) = path {
          self.imports.append(path)
        } else {
          noteUnevaluated(
            "imports[\(index)]", "only NixOS or the flake knows it", isMachine: false)
        }
      }
    default: note(Self.optionName(of: name), "A value of another kind was expected.")
    }
  }

  /// Takes one machine of `nix.buildMachines` in.
  ///
  /// - Parameter failures: why options of it have no value, by their names; by the empty name why
  ///   there is none at all.
  public mutating func take(machine value: JSONValue, number: Int, failures: [String: String] = [:])
  {
    let place = "\(file): nix.buildMachines[\(number)]"
    var options: [String: JSONValue] = [:]
    let machine: Result<NixMachine, Problem>
    if case .object(let attributes) = value {
      var found = BuildMachine(attributes)
      machine = Result { () throws(Problem) in try found.machine() }
      options = attributes.filter { found.unknown.contains($0.key) }
    } else {
      machine = .failure(Problem("An attribute set was expected."))
    }
    let isLost = failures.keys.contains(where: BuildMachine.cannotDoWithout.contains)
    for (name, reason) in failures.sorted(by: { $0.key < $1.key }) {
      let option = "nix.buildMachines[\(number)]" + (name.isEmpty ? "" : ".\(name)")
      unevaluated.append(Unevaluated(option: option, reason: reason, isMachine: isLost))
    }
    if isLost { return }
    machines.append(MachineEntry(place: place, machine: machine))
    for name in options.keys.sorted() {
      notes.append(
        ImportNote(.incomplete, at: "\(place), \(name)", "nix.buildMachines has no such option."))
    }
  }

  /// Notes that an option cannot be evaluated without the rest of NixOS.
  ///
  /// - Parameter isMachine: whether a machine is lost by that.
  public mutating func noteUnevaluated(_ option: String, _ reason: String, isMachine: Bool) {
    unevaluated.append(Unevaluated(option: option, reason: reason, isMachine: isMachine))
  }

  /// Notes that something could not be taken over.
  public mutating func note(_ place: String, _ reason: String) {
    notes.append(ImportNote(.leftOut, at: "\(file): \(place)", reason))
  }

  /// The option of NixOS behind an attribute of ``ImportExpression``.
  public static func optionName(of name: String) -> String {
    switch name {
    case "machines": "nix.buildMachines"
    case "extraConfig", "knownHosts": "programs.ssh.\(name)"
    case "extraOptions", "distributedBuilds": "nix.\(name)"
    case "buildersUseSubstitutes": "nix.settings.builders-use-substitutes"
    case "maxJobs": "nix.settings.max-jobs"
    case "builders": "nix.settings.builders"
    default: name
    }
  }

  // MARK: - Host keys

  private mutating func take(knownHosts: [String: JSONValue]) {
    for (name, host) in knownHosts.sorted(by: { $0.key < $1.key }) {
      guard case .object(let host) = host, host["certAuthority"] != .bool(true),
        case .string(let key)? = host["publicKey"], Rules.publicKey(key) == nil
      else { continue }
      let names = host["hostNames"].map(Self.strings) ?? [name]
      for name in names + (host["extraHostNames"].map(Self.strings) ?? []) {
        // ssh finds the first key of a name; NixOS writes them in this order.
        hostKeys[name.lowercased()] = hostKeys[name.lowercased()] ?? key
      }
    }
  }

  private static func strings(_ value: JSONValue) -> [String] {
    guard case .array(let values) = value else { return [] }
    return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  // MARK: - nix.conf

  /// Lines of nix.conf, where people still put these settings.
  private mutating func take(extraOptions text: String) {
    let found = NixConfigurationFile(text, of: "\(file): nix.extraOptions") { _ in nil }
    let local = found.localSettings(of: file)
    settings.buildersUseSubstitutes =
      settings.buildersUseSubstitutes ?? local.buildersUseSubstitutes
    settings.maxJobs = settings.maxJobs ?? local.maxJobs
    if let builders = found.settings["builders"] { self.builders = self.builders ?? builders.value }
  }
}

extension [ImportedModule] {
  /// What cannot be evaluated without the rest of NixOS, once for all of them, with the ways to what
  /// NixOS makes of it; `nil` when everything could be.
  public var unevaluatedNote: ImportNote? {
    let all = flatMap { module in
      module.unevaluated.map { (module.file, $0) }
    }
    let ordered = all.filter(\.1.isMachine) + all.filter { !$0.1.isMachine }
    guard let (_, worst) = ordered.first, let main = self.first?.file else { return nil }
    let names = ordered.map { file, one in
      let scalars = file.unicodeScalars
      let name = scalars.lastIndex(of: "/").map { String(scalars[$0...].dropFirst()) }
      return file == main ? one.option : "\(name ?? file): \(one.option)"
    }
    let more = names.count > 4 ? " and \(names.count - 4) more" : ""
    return ImportNote(
      worst.isMachine ? .leftOut : .incomplete, at: main,
      "Without the rest of NixOS Nix cannot tell \(names.prefix(4).joined(separator: ", "))\(more) "
        + "(\(worst.reason)). What NixOS makes of it can be imported: from a flake its host, such as "
        + ".#laptop; on a machine that has it /etc/nix/machines or /etc/nix/nix.conf.")
  }
}
