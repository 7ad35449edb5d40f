import Dispatch
import Glibc

/// Servers that mean no good: at the first words, in the banner, in what a login prints, and in
/// place of Nix.
enum Servers: Campaign {
  static let name = "servers"

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    let words = (0..<(isShort ? 2 : 20)).map { _ in Hostile.value(&generator) }
    for word in words {
      greet(.words("SSH-2.0-\(word)\r\n"), &tally)
      greet(.words("\(word)\r\nSSH-2.0-OpenSSH_\(word)\r\n"), &tally)
    }
    greet(.words(""), &tally)
    greet(
      .words("SSH-2.0-OpenSSH_9.2\r\n" + String(repeating: "\u{0}\u{1B}[2J", count: 1000)), &tally)
    greet(.silence, &tally)
    greet(.endless, &tally)
    // The rest needs a real sshd, in a mount namespace of its own.
    guard geteuid() == 0 else { return print("servers: sshd is left out, since this is not root") }
    Folder.with { folder in
      guard let server = SSHServer(in: folder) else {
        return tally.fail("servers: sshd could not be started")
      }
      defer { server.stop() }
      for word in words { server.attempts(with: word, &tally) }
      server.attempt(
        command: "yes \"$(printf '\\033]0;x\\007')\"", banner: "", "endless login", &tally)
      server.attempt(command: "cat /dev/zero", banner: "", "endless zeros", &tally)
      server.attempt(command: "sleep 1000", banner: "", "a login that never answers", &tally)
      for fact in [
        "time -9223372036854775808", "time 9223372036854775807", "processors -1",
        "processors 99999999999999999999", "version \u{1B}]0;x\u{7}", "machine \u{202E}",
      ] {
        server.attempt(
          command:
            "printf '%s\\n' 'nix-builders: begin' 'nix-builders: \(fact)' 'nix-builders: end'",
          banner: "", fact.debugDescription, &tally)
      }
    }
  }

  private static func greet(_ manner: Greeter.Manner, _ tally: inout Tally) {
    guard let greeter = Greeter(manner) else { return tally.fail("servers: no port on loopback") }
    defer { greeter.stop() }
    Folder.with { folder in
      folder.write(
        #"{ "builders": [{ "alias": "a", "address": "127.0.0.1", "port": \#(greeter.port), "#
          + #""systems": ["x86_64-linux"] }] }"#, to: "out/builders.json")
      let result = Attempt.program("test", "a", "--timeout", "6", in: folder)
      tally.countHarmless(result, "a server that says \(manner)")
      if result.ending == .exited(0) { tally.fail("a server that says \(manner) passed") }
    }
  }
}

/// Something on loopback that is no ssh server.
final class Greeter: Sendable {
  enum Manner {
    case words(String)
    case silence
    case endless
  }

  let port: UInt16
  private let descriptor: Int32

  init?(_ manner: Manner) {
    guard let (listener, port) = listenOnLoopback() else { return nil }
    (descriptor, self.port) = (listener, port)
    DispatchQueue.global().async {
      while case let client = accept(listener, nil, nil), client >= 0 {
        DispatchQueue.global().async {
          switch manner {
          case .words(let words): say(words, client)
          case .silence: break
          case .endless: while say("no line end ", client) {}
          }
          var byte: UInt8 = 0
          if case .words = manner { recv(client, &byte, 1, 0) } else { sleep(15) }
          close(client)
        }
      }
    }
  }

  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}

@discardableResult
private func say(_ words: String, _ client: Int32) -> Bool {
  let bytes = Array(words.utf8)
  return bytes.withUnsafeBytes {
    send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }
}

private func listenOnLoopback() -> (descriptor: Int32, port: UInt16)? {
  let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(listener, $0, length) == 0 && listen(listener, 16) == 0
        && getsockname(listener, $0, &length) == 0
    }
  }
  return isBound ? (listener, UInt16(bigEndian: address.sin_port)) : nil
}

/// An sshd on loopback that answers each login with a command of ours. It has its own keys, its own
/// folder, and a /run of its own.
struct SSHServer {
  private let folder: Folder
  private let port: UInt16
  private let process: pid_t

  init?(in folder: Folder) {
    self.folder = folder
    guard let (listener, port) = listenOnLoopback() else { return nil }
    close(listener)
    self.port = port
    let path = folder.path
    chmod(path, 0o755)
    for name in ["host", "key"] {
      _ = Attempt(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(path)/\(name)"])
        .run(in: folder)
    }
    folder.write(folder.read("key.pub") ?? "", to: "authorized")
    folder.write("", to: "banner")
    folder.write("exit 0\n", to: "command")
    folder.write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(path)/host
      AuthorizedKeysFile \(path)/authorized
      PermitRootLogin yes
      StrictModes no
      UsePAM no
      PidFile none
      Banner \(path)/banner
      ForceCommand sh \(path)/command

      """, to: "sshd_config")
    folder.write(
      """
      mount -t tmpfs none /run && mkdir -p /run/sshd &&
      exec "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f \(path)/sshd_config 2>/dev/null
      """, to: "start")
    var child: pid_t = 0
    let words: [String] = ["unshare", "--mount", "--", "sh", "\(path)/start"]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for text in arguments { free(text) } }
    guard posix_spawnp(&child, "unshare", nil, nil, &arguments, environ) == 0 else { return nil }
    process = child
    guard isListening else {
      stop()
      return nil
    }
  }

  /// Whether it takes connections, within some seconds.
  private var isListening: Bool {
    for _ in 0..<100 {
      let result = Attempt(["ssh-keyscan", "-T", "2", "-p", "\(port)", "127.0.0.1"]).run(in: folder)
      if result.output.contains("ssh-ed25519") { return true }
      usleep(50_000)
    }
    return false
  }

  func stop() {
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }

  /// The same word as banner, as what a login prints, and as what Nix answers.
  func attempts(with word: String, _ tally: inout Tally) {
    folder.write(word, to: "word")
    let print = "cat \(folder.path)/word"
    attempt(command: print, banner: word, "says \(word.debugDescription)", &tally)
    attempt(
      command: "\(print)\n\(print) >&2\nexec sh -c \"$SSH_ORIGINAL_COMMAND\"", banner: word,
      "says \(word.debugDescription) and goes on", &tally)
  }

  func attempt(command: String, banner: String, _ what: String, _ tally: inout Tally) {
    folder.write(command + "\n", to: "command")
    folder.write(banner + "\n", to: "banner")
    let key = (folder.read("host.pub") ?? "").split(separator: " ").prefix(2).joined(separator: " ")
    folder.write(
      #"{ "builders": [{ "alias": "a", "address": "127.0.0.1", "port": \#(port), "user": "root", "#
        + #""keyPath": "\#(folder.path)/key", "hostKey": "\#(key)", "#
        + #""systems": ["x86_64-linux"] }] }"#, to: "out/builders.json")
    for options in [[], ["--json"]] {
      let result = Attempt(
        ["\(Attempt.program)/nix-builders", "test", "a", "--written", "--timeout", "6"] + options
          + ["--directory", folder.output]
      ).run(in: folder)
      tally.countHarmless(result, "a server that \(what)")
    }
  }
}
