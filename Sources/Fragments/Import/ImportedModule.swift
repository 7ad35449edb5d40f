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
  /// The settings of the local machine.
  public var settings: ImportedSettings
  /// The files and folders that it imports.
  public var imports: [String] = []
  /// What could not be understood.
  public var notes: [ImportNote] = []

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
    // It means as many as there are processors, which is also NixOS's own setting.
    case ("maxJobs", .string("auto")): break
    case ("imports", .array(let imports)):
      for (index, path) in imports.enumerated() {
        if case .string(let path) = path {
          self.imports.append(path)
        } else {
          note("imports[\(index)]", "Nix could not tell without the rest of NixOS what it imports.")
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
    var machine: Result<NixMachine, Problem>
    if case .object(let attributes) = value {
      var found = BuildMachine(attributes)
      machine = Result { () throws(Problem) in try found.machine() }
      options = attributes.filter { found.unknown.contains($0.key) }
    } else {
      machine = .failure(Problem("An attribute set was expected."))
    }
    for (name, reason) in failures.sorted(by: { $0.key < $1.key }) {
      if BuildMachine.cannotDoWithout.contains(name) {
        machine = .failure(Problem(place: name, reason))
      } else {
        notes.append(ImportNote(.incomplete, at: "\(place), \(name)", reason))
      }
    }
    machines.append(MachineEntry(place: place, machine: machine))
    for name in options.keys.sorted() {
      notes.append(
        ImportNote(.incomplete, at: "\(place), \(name)", "nix.buildMachines has no such option."))
    }
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
    for line in text.unicodeScalars.lines {
      let words = line.prefix { $0 != "#" }.words.map { String($0) }
      guard words.count == 3, words[1] == "=" else { continue }
      switch words[0] {
      case "builders-use-substitutes":
        settings.buildersUseSubstitutes = settings.buildersUseSubstitutes ?? (words[2] == "true")
      case "max-jobs": settings.maxJobs = settings.maxJobs ?? Int(words[2])
      default: break
      }
    }
  }
}
