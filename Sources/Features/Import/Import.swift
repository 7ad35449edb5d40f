import Base
import Builders
import Fragments
import Glibc
import Nix
import Processes

/// What builders can be imported from.
public enum ImportSource: Equatable, Sendable {
  /// A file in the format of /etc/nix/machines.
  case machines(String)
  /// A file, or a folder with default.nix, with `nix.buildMachines`.
  case module(String)
  /// A file in the format of nix.conf.
  case configuration(String)
  /// The text of a `builders` setting.
  case setting(String)
  /// A host of a flake, such as `.#laptop`.
  case flake(FlakeHost)

  /// Where Nix itself looks for machines.
  public static let installed = ImportSource.machines("/etc/nix/machines")

  /// Tells what a text names: a flake's host by its `#`, a `builders` setting by a store URL or an
  /// `@`, a module by being a folder or by `.nix`, a nix.conf by `.conf`, else machines. A file of
  /// the name comes first.
  public init(_ text: String) {
    var status = stat()
    let exists = stat(text, &status) == 0
    let isFolder = exists && status.st_mode & S_IFMT == S_IFDIR
    let scalars = text.unicodeScalars
    if !exists,
      scalars.contains("://") || scalars.first == "@" || scalars.contains(" " as Unicode.Scalar)
    {
      self = .setting(text)
    } else if !exists, let host = FlakeHost(text) {
      self = .flake(host)
    } else if isFolder || scalars.hasSuffix(".nix") {
      self = .module(text)
    } else {
      self = scalars.hasSuffix(".conf") ? .configuration(text) : .machines(text)
    }
  }
}

/// Takes builders over from where they were configured by hand.
public enum Import {
  /// Reads a source and the blocks of ssh's configuration that belong to its machines.
  ///
  /// It changes nothing. Nix evaluates a module, without nixpkgs; `ssh -G` reads the blocks.
  ///
  /// - Parameters:
  ///   - inventory: what is there already; a machine that equals one of its builders is passed
  ///     over, and aliases are chosen so that they are free.
  ///   - sshConfiguration: a file that is read in place of this machine's own configuration of
  ///     ssh.
  public static func read(
    _ source: ImportSource, into inventory: Inventory, sshConfiguration: String? = nil
  ) async -> ImportResult {
    var result = ImportResult(into: inventory)
    switch source {
    case .machines(let path):
      let text: String
      do throws(FileFault) {
        text = try WholeFile(fileOrPipe: path, atMost: .hosts).text
      } catch {
        result.note(.missing, at: path, "It cannot be read: \(error)")
        break
      }
      let entries = MachinesText.entries(in: text, of: path, reading: readMachinesFile)
      await take(entries, ModuleFacts(), sshConfiguration, into: &result)
    case .module(let path):
      guard let file = realPath(path) else {
        result.note(.missing, at: path, "It cannot be read: \(lastError()).")
        break
      }
      if let fault = ModuleReader.fault(at: file) {
        result.note(.missing, at: path, "It cannot be read: \(fault)")
        break
      }
      await take(await ModuleReader.read(file), sshConfiguration, into: &result)
      if result.builders.isEmpty, result.notes.isEmpty {
        result.note(.leftOut, at: path, "It defines no nix.buildMachines.")
      }
    case .configuration(let path): await readConfiguration(path, sshConfiguration, &result)
    case .setting(let text):
      let entries = MachinesText.entries(in: text, of: "builders", reading: readMachinesFile)
      await take(entries, ModuleFacts(), sshConfiguration, into: &result)
    case .flake(let host):
      await take([await host.read()], sshConfiguration, into: &result)
      if result.builders.isEmpty, result.notes.isEmpty {
        result.note(.leftOut, at: host.text, "It has no nix.buildMachines.")
      }
    }
    return result
  }

  private static func readConfiguration(
    _ path: String, _ sshConfiguration: String?, _ result: inout ImportResult
  ) async {
    let text: String
    do throws(FileFault) {
      text = try WholeFile(fileOrPipe: path, atMost: .hosts).text
    } catch {
      return result.note(.missing, at: path, "It cannot be read: \(error)")
    }
    let file = NixConfigurationFile(text, of: path, reading: readMachinesFile)
    result.notes += file.notes
    result.take(file.localSettings(of: path))
    guard let setting = file.settings["builders"] else {
      return result.note(
        .leftOut, at: path,
        "It does not set builders. Nix then takes /etc/nix/machines, which can be imported.")
    }
    let entries = MachinesText.entries(
      in: setting.value, of: setting.file, from: setting.line, reading: readMachinesFile)
    await take(entries, ModuleFacts(), sshConfiguration, into: &result)
  }

  /// Takes over what a module and those that it imports say.
  static func take(
    _ modules: [ImportedModule], _ sshConfiguration: String?, into result: inout ImportResult
  ) async {
    result.notes += modules.flatMap(\.notes)
    if let note = modules.unevaluatedNote { result.notes.append(note) }
    for module in modules { result.take(module.settings) }
    var facts = ModuleFacts()
    // Where two modules name a host, the first counts, as it does to ssh.
    for module in modules { facts.keys.merge(module.hostKeys) { first, _ in first } }
    // A fragment of this program's names its builder's own fragment by the host.
    var ownFragments: [String: String] = [:]
    for module in modules {
      let scalars = module.file.unicodeScalars
      let folder = scalars.lastIndex(of: "/").map { String(scalars[..<$0]) } ?? "."
      for case .success(let machine) in module.machines.map(\.machine) {
        let file = "\(folder)/remote-\(machine.url.host).nix"
        if access(file, R_OK) == 0 { ownFragments[machine.url.host] = file }
      }
    }
    let accounts = await ModuleReader.accounts(in: ownFragments.values.sorted())
    facts.accounts = ownFragments.compactMapValues { accounts[$0] }
    for (_, file) in ownFragments.sorted(by: { $0.key < $1.key }) where accounts[file] == nil {
      result.note(.leftOut, at: file, "Nix could not evaluate it, so the account is the usual one.")
    }
    facts.configuration = modules.map(\.sshConfiguration).joined(separator: "\n")
    let entries = modules.flatMap { module in
      module.machines
        + (module.builders.map { text in
          MachinesText.entries(
            in: text, of: "\(module.file): nix.settings.builders", reading: readMachinesFile)
        } ?? [])
    }
    await take(entries, facts, sshConfiguration, into: &result)
  }

  /// What a module says beside its machines.
  private struct ModuleFacts {
    /// Host keys by the names of the facts.
    var keys: [String: String] = [:]
    /// The accounts on the builders, by the names of the hosts.
    var accounts: [String: ImportedAccount] = [:]
    /// Text of ssh_config(5).
    var configuration = ""
  }

  private static func take(
    _ entries: [MachineEntry], _ facts: ModuleFacts, _ sshConfiguration: String?,
    into result: inout ImportResult
  ) async {
    let machines = entries.compactMap { try? $0.machine.get() }
    if machines.isEmpty {
      for entry in entries { result.take(entry, in: .init()) }
      return
    }
    let reader = await HostBlocks.prepare(module: facts.configuration, file: sshConfiguration)
    defer { reader.remove() }
    if let problem = reader.problem { result.notes.append(problem) }
    let needsSystem = machines.contains { $0.systems.isEmpty }
    let localSystem = needsSystem ? await NixSettings.installed()?.system : nil
    let home = getpwuid(0).map { String(cString: $0.pointee.pw_dir) } ?? "/root"
    let found = await runSideBySide(entries, atOnce: 8) { entry in
      var surroundings = ImportedMachine.Surroundings(
        localSystem: localSystem, home: home, hostKeys: facts.keys)
      if let machine = try? entry.machine.get() {
        surroundings.host = await reader.host(of: machine.url)
        surroundings.account = facts.accounts[machine.url.host]
      }
      return surroundings
    }
    for (entry, surroundings) in zip(entries, found) { result.take(entry, in: surroundings) }
    await noteFractions(entries, in: &result)
  }

  /// Tells of what Nix here does not read and what stays as it is. A port of a store URL goes into a
  /// Host block anyway.
  private static func noteFractions(
    _ entries: [MachineEntry], in result: inout ImportResult
  ) async {
    let need = NixNeed.fractionalSpeed
    let fractional = entries.filter { entry in (try? entry.machine.get()).map(need.isIn) ?? false }
    guard !fractional.isEmpty, let nix = await NixVersion.installed(), !need.isMet(by: nix) else {
      return
    }
    for entry in fractional { result.note(.unreadable, at: entry.place, need.problem(with: nix)) }
  }
}

extension ImportResult {
  fileprivate mutating func take(
    _ entry: MachineEntry, in surroundings: ImportedMachine.Surroundings
  ) {
    switch entry.machine {
    case .success(let machine):
      take(ImportedMachine(machine, at: entry.place, in: surroundings, keys: .here))
    case .failure(let problem): take(ImportedMachine(place: entry.place, problem: problem))
    }
  }
}

extension ImportedMachine.Keys {
  /// The keys on this machine.
  fileprivate static var here: Self {
    Self(exists: { access($0, F_OK) == 0 }) { path in
      let line = (try? WholeFile("\(path).pub", atMost: .key).text)?.unicodeScalars.filledLines
        .first
      return line.map { String($0) }.flatMap { Rules.publicKey($0) == nil ? $0 : nil }
    }
  }
}

/// The path without symbolic links; `nil`, with `errno` set, when it leads nowhere.
private func realPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
