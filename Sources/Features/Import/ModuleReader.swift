import Base
import Builders
import Fragments
import Glibc
import Nix
import Processes

/// Reads NixOS modules, and those that they import, with the installed Nix.
enum ModuleReader {
  /// More files than this are nobody's list of builders.
  private static let mostFiles = 500

  /// Reads a module and the files that it imports, that one first.
  static func read(_ file: String) async -> [ImportedModule] {
    var modules: [ImportedModule] = []
    var seen: Set<String> = []
    var next = [file]
    while !next.isEmpty, seen.count < mostFiles {
      seen.formUnion(next)
      let found = await read(files: next)
      modules += found
      next = []
      for path in found.flatMap(\.imports) where !seen.contains(path) && !next.contains(path) {
        guard let fault = fault(at: path) else {
          next.append(path)
          continue
        }
        if let importer = modules.firstIndex(where: { $0.imports.contains(path) }) {
          modules[importer].note("imports", "\(path) cannot be read: \(fault)")
        }
      }
    }
    return modules
  }

  /// What keeps Nix from reading a module; `nil` for nothing. A folder stands for its default.nix.
  static func fault(at path: String) -> FileFault? {
    if access(path, R_OK) != 0 { return .failed(errno) }
    let inFolder = "\(path)/default.nix"
    let file = access(inFolder, F_OK) == 0 ? inFolder : path
    let fault = WholeFile.fault(at: file, atMost: .configuration)
    return fault == .notFile(.folder) ? nil : fault
  }

  /// Reads files with one evaluation, as long as nothing goes wrong.
  static func read(files: [String]) async -> [ImportedModule] {
    let evaluation = ModuleEvaluation(files: files)
    if case .array(let values)? = try? await evaluation.value("opened"),
      values.count == files.count
    {
      return zip(files, values).map { file, value in
        var module = ImportedModule(file: file)
        if case .object(let attributes) = value {
          for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            module.take(name, value)
          }
        }
        return module
      }
    }
    return await runSideBySide(files, atOnce: 4) { await readPiecemeal($0) }
  }

  /// Reads what the fragments of builders say of the accounts there, by their files.
  static func accounts(in files: [String]) async -> [String: ImportedAccount] {
    if files.isEmpty { return [:] }
    let value = try? await ModuleEvaluation(files: files).value("accounts")
    if case .array(let accounts)? = value, accounts.count == files.count {
      return zip(files, accounts).reduce(into: [:]) { $0[$1.0] = ImportedAccount($1.1) }
    }
    // One that cannot be evaluated spoils no others.
    if files.count == 1 { return [:] }
    let single = await runSideBySide(files, atOnce: 4) { await accounts(in: [$0]) }
    return single.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  // MARK: - Piece by piece

  private static let names = [
    "imports", "machines", "extraConfig", "knownHosts", "extraOptions", "distributedBuilds",
    "buildersUseSubstitutes", "maxJobs", "builders",
  ]

  /// Reads a file value by value, so that those which cannot be evaluated spoil no others.
  private static func readPiecemeal(_ file: String) async -> ImportedModule {
    let evaluation = ModuleEvaluation(files: [file])
    var module = ImportedModule(file: file)
    var failures: [(name: String, failure: NixEvaluation.Failure)] = []
    for name in names {
      do throws(NixEvaluation.Failure) {
        module.take(name, try await evaluation.value("opened.0.\(name)"))
      } catch {
        if error.isMissing {
          module.notes.append(ImportNote(.missing, at: file, error.reason))
          return module
        }
        failures.append((name, error))
      }
    }
    // What fails everywhere is a fault of the file.
    if failures.count == names.count, let reason = failures.first?.failure.reason {
      if reason.unicodeScalars.contains("known only to") {
        module.noteUnevaluated("nix.buildMachines", reason, isMachine: true)
      } else {
        module.notes.append(ImportNote(.leftOut, at: file, "Nix cannot evaluate it: \(reason)"))
      }
      return module
    }
    for (name, failure) in failures {
      if name == "machines" {
        await readMachines(evaluation, into: &module)
      } else {
        module.noteUnevaluated(
          ImportedModule.optionName(of: name), failure.reason, isMachine: false)
      }
    }
    return module
  }

  private static func readMachines(
    _ evaluation: ModuleEvaluation, into module: inout ImportedModule
  ) async {
    let count: Int
    do throws(NixEvaluation.Failure) {
      guard case .integer(let number) = try await evaluation.value("counts.0") else { return }
      count = number
    } catch {
      return module.noteUnevaluated("nix.buildMachines", error.reason, isMachine: true)
    }
    let machines = await runSideBySide(Array(0..<count), atOnce: 4) { number in
      await readMachine(number, evaluation)
    }
    for (number, (machine, failures)) in machines.enumerated() {
      module.take(machine: machine, number: number, failures: failures)
    }
  }

  /// A machine's options as far as they can be evaluated, and why the others cannot.
  private static func readMachine(
    _ number: Int, _ evaluation: ModuleEvaluation
  ) async -> (JSONValue, [String: String]) {
    do throws(NixEvaluation.Failure) {
      return (try await evaluation.value("opened.0.machines.\(number)"), [:])
    } catch {
      guard case .array(let names)? = try? await evaluation.value("names.0.\(number)") else {
        return (.null, ["": error.reason])
      }
      var options: [String: JSONValue] = [:]
      var failures: [String: String] = [:]
      for case .string(let name) in names {
        do throws(NixEvaluation.Failure) {
          options[name] = try await evaluation.value("opened.0.machines.\(number).\"\(name)\"")
        } catch {
          failures[name] = error.reason
        }
      }
      return (.object(options), failures)
    }
  }
}
