import Base
import Glibc
import Processes

/// Nix's daemon on this machine: it is the one that logs in to builders when users build.
package struct LocalDaemon: Equatable, Sendable {
  /// Its process.
  package let process: pid_t

  /// What became of a connection to it.
  package enum Answer {
    /// Nobody listens.
    case none
    /// It takes connections. With systemd this is also what starts it.
    case open
    /// It listens, but as many wait already as may: it takes no connection any more.
    case busy
  }

  /// Whether there is one.
  package static var answers: Bool { answer != .none }

  /// Connects to it. Never waits, whatever it does.
  package static var answer: Answer {
    let path =
      getenv("NIX_DAEMON_SOCKET_PATH").map { String(cString: $0) }
      ?? "/nix/var/nix/daemon-socket/socket"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else { return .none }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let kind = [SOCK_STREAM, SOCK_CLOEXEC, SOCK_NONBLOCK].reduce(0) { $0 | Int32($1.rawValue) }
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return .none }
    defer { close(descriptor) }
    let isConnected = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    // unix(7): a socket whose queue is full does not block one that must not.
    return isConnected ? .open : errno == EAGAIN ? .busy : .none
  }

  /// The one that runs, where it can be looked at; `nil` when there is none.
  package static var running: LocalDaemon? {
    guard answers else { return nil }
    let network = readLink("/proc/self/ns/net")
    // It answers each client in a process of its own, with the same name and a later id.
    let daemons = fileNames(in: "/proc").compactMap { pid_t($0) }.sorted().filter {
      (try? WholeFile("/proc/\($0)/comm", atMost: .process).text) == "nix-daemon\n"
        && readLink("/proc/\($0)/ns/net") == network
    }
    return daemons.first.map(LocalDaemon.init)
  }

  /// Whether a file is there for it: its service may hide folders.
  package func sees(_ path: String) -> Bool {
    // Through a symbolic link that leads to an absolute path this would leave its root again.
    guard readLink(path) == nil else { return true }
    return access("/proc/\(process)/root\(path)", F_OK) == 0
  }

  /// A variable of its environment.
  package func variable(_ name: String) -> String? {
    let environment = (try? WholeFile("/proc/\(process)/environ", atMost: .process).text) ?? ""
    let entry = environment.unicodeScalars.split(separator: "\0").first { $0.hasPrefix("\(name)=") }
    return entry.map { String($0.dropFirst(name.unicodeScalars.count + 1)) }
  }

  /// What ssh would do otherwise when the daemon starts it; `nil` when nothing is known to differ.
  package var difference: String? {
    let own = getenv("NIX_SSHOPTS").map { String(cString: $0) }
    if let options = variable("NIX_SSHOPTS"), options != own {
      return "its environment has NIX_SSHOPTS=\(options)"
    }
    if let own, variable("NIX_SSHOPTS") == nil {
      return "root's shell has NIX_SSHOPTS=\(own), and it has not"
    }
    for file in ["/root/.ssh/config", "/root/.ssh/known_hosts", "/etc/ssh/ssh_config"]
    where access(file, F_OK) == 0 && !sees(file) {
      return "its service hides \(file)"
    }
    return nil
  }
}

/// Where a symbolic link leads; `nil` when it is none.
private func readLink(_ path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink(path, &buffer, buffer.count)
  if count < 0 { return nil }
  return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}
