import Base
import Glibc

/// A real second machine on this computer, and a local machine beside it whose configuration may
/// be changed: two sets of namespaces, with a network, files, users, ssh and Nix of their own.
public enum Practice {
  /// What is missing to run it here, each with what to do; empty when it can run.
  public static func missing() async -> [MissingRequirement] {
    guard geteuid() == 0 else { return [.root] }
    let programs = Programs.find()
    return programs.missing.isEmpty ? await MissingRequirement.kernels(programs) : programs.missing
  }
}

/// Something that practice needs and that is not there.
public struct MissingRequirement: Equatable, Sendable, CustomStringConvertible {
  /// What it is.
  public var name: String
  /// What to do about it.
  public var remedy: String

  /// The two in one line.
  public var description: String { "\(name): \(remedy)" }

  static let root = MissingRequirement(
    name: "root", remedy: "start it again with sudo, namespaces are made by root")

  /// Tries what the machines need of the kernel, in a namespace that ends with the try.
  static func kernels(_ programs: Programs) async -> [MissingRequirement] {
    do throws(PracticeError) {
      let machine = try MachineProcess.start("practice: a try", programs: programs, inside: nil)
      let trial = """
        mount -t tmpfs tmpfs /sys && cd /sys && mkdir upper work root || exit 1
        mount -t overlay -o lowerdir=/etc,upperdir=/sys/upper,workdir=/sys/work overlay root
        """
      let result = await Machine(pid: machine.pid, hostName: "", programs: programs).script(trial)
        .run()
      machine.letGo()
      await machine.ended()
      if result.succeeded { return [] }
      return [
        MissingRequirement(
          name: "overlay",
          remedy: "the kernel has to allow tmpfs and overlay file systems here, it says: "
            + result.error.unicodeScalars.filledLines.strings.joined(separator: "; "))
      ]
    } catch {
      return [
        MissingRequirement(
          name: "namespaces",
          remedy: "the kernel or the container has to allow them (a container with --privileged), "
            + "it says: \(error)")
      ]
    }
  }
}
