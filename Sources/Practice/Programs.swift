import Base
import FoundationEssentials
import Glibc

/// The programs that the machines are made of. Both machines have them from the computer that
/// they live on.
struct Programs: Equatable, Sendable {
  /// The directories of the machines' PATH.
  private(set) var directories: [String]
  private var paths: [String: String] = [:]

  /// What is needed, and the Debian package and the attribute of nixpkgs that have it.
  private static let needed: [(package: String, attribute: String, programs: [String])] = [
    ("bash", "bash", ["bash"]),
    ("coreutils", "coreutils", ["df", "mkdir", "sleep", "tee"]),
    ("grep", "gnugrep", ["grep"]),
    ("iproute2", "iproute2", ["ip"]),
    ("mount", "util-linux", ["mount", "umount"]),
    ("nix-bin", "nix", ["nix", "nix-daemon", "nix-instantiate", "nix-store"]),
    ("openssh-client", "openssh", ["ssh", "ssh-keygen", "ssh-keyscan"]),
    ("openssh-server", "openssh", ["sshd"]),
    ("passwd", "shadow", ["groupadd", "groupdel", "useradd", "userdel", "usermod"]),
    ("util-linux", "util-linux", ["nsenter", "setsid"]),
    // In newer Debian it has moved to the second.
    ("util-linux util-linux-extra", "util-linux", ["pivot_root"]),
  ]

  /// Looks for the programs on the PATH and where administrators' programs are.
  static func find() -> Programs {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    var directories = path.unicodeScalars.split(separator: ":").filter { $0.first == "/" }.strings
    for place in ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"]
    where !directories.contains(place) { directories.append(place) }
    directories.insert(Rebuild.directory, at: 0)
    var programs = Programs(directories: directories)
    for program in needed.flatMap(\.programs) { programs.paths[program] = programs.find(program) }
    // The profile through which Nix is found lies in /nix/var, which the machines have anew.
    if let nix = programs.paths["nix"], let real = realpath(nix, nil) {
      defer { free(real) }
      let directory = String(cString: real).unicodeScalars.split(separator: "/").strings.dropLast()
        .joined(
          separator: "/")
      if !programs.directories.contains("/" + directory) {
        programs.directories.insert("/" + directory, at: 0)
      }
    }
    return programs
  }

  private func find(_ program: String) -> String? {
    directories.lazy.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  /// The path of a program; for one with a slash it is that already.
  func path(of program: String) -> String? {
    program.unicodeScalars.contains("/") ? program : paths[program] ?? find(program)
  }

  /// The programs that are not there.
  var missing: [MissingRequirement] {
    Programs.needed.compactMap { package, attribute, programs in
      let absent = programs.filter { paths[$0] == nil }
      if absent.isEmpty { return nil }
      return MissingRequirement(
        name: absent.joined(separator: ", "),
        remedy: "apt-get install \(package), or on NixOS: nix-shell -p \(attribute)")
    }
  }

  /// The environment of the machines' programs, as what differs from this program's own.
  var environment: [String: String?] {
    var changes: [String: String?] = [:]
    // What is meant for the computer's own Nix and ssh must not reach the machines'.
    for name in ProcessInfo.processInfo.environment.keys
    where ["NIX_", "SSH_", "XDG_", "SUDO_"].contains(where: name.unicodeScalars.hasPrefix)
      || ["MAIL", "TMPDIR"].contains(name)
    {
      changes[name] = .some(nil)
    }
    changes["PATH"] = directories.joined(separator: ":")
    changes["HOME"] = "/root"
    changes["USER"] = "root"
    changes["LOGNAME"] = "root"
    return changes
  }
}
