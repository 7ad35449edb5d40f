import Builders
import Testing

@testable import Checks
@testable import Processes
@testable import SSH

/// What a builder, a bastion or a log says never becomes a command.
@Suite("Words of others in diagnoses") struct HostileWordsTests {
  /// A builder as somebody has described it; the names that only texts have are unlike them.
  private let builder: Builder = {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.proxyJump = "me@jump.lan"
    return builder
  }()

  /// All that is taken out of a text, with what it might honestly be. `%` is where it stands.
  private static let captures: [(text: String, honest: String)] = [
    ("ssh: Could not resolve hostname %: Name or service not known\n", "forge.lan"),
    ("ssh: Could not resolve hostname 10.0.0.2:%: Name or service not known\n", "2222"),
    ("ssh: connect to host % port 22: Connection refused\n", "10.0.0.9"),
    ("ssh: connect to host 10.0.0.9 port %: Connection refused\n", "2222"),
    ("ssh: connect to host % port 22: No route to host\n", "10.0.0.9"),
    ("ssh: connect to host % port 22: Network is unreachable\n", "2001:db8::9"),
    ("ssh: connect to host % port 22: Connection timed out\n", "10.0.0.9"),
    (
      "No ED25519 host key is known for % and you have requested strict checking.\n"
        + "Host key verification failed.\n", "[jump.lan]:2222"
    ),
    (
      "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key for % has changed and you "
        + "have requested strict checking.\n", "forge"
    ),
    ("no such identity: %: No such file or directory\n", "/root/.ssh/other"),
    (
      "@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\nPermissions 0644 for '%' are too open.\n",
      "/root/k"
    ),
    ("Load key \"%\": invalid format\n", "/root/.ssh/other"),
    ("Load key \"%\": Permission denied\n", "/root/.ssh/other"),
    ("%@192.0.2.7: Permission denied (publickey).\n", "nixremote"),
    ("nixremote@%: Permission denied (publickey).\n", "192.0.2.7"),
    ("nixremote@192.0.2.7: Permission denied (%).\n", "keyboard-interactive"),
    ("Bad owner or permissions on %\n", "/root/.ssh/config"),
    (
      "Unable to negotiate with 192.0.2.7 port 22: no matching % found. Their offer: x\n",
      "host key type"
    ),
    (
      "Unable to negotiate with 192.0.2.7 port 22: no matching cipher found. Their offer: %\n",
      "ssh-rsa"
    ),
    ("srclimit: activating ipv4 penalty of % seconds for penalty: failed\n", "15.607"),
    ("User nixremote from 192.0.2.1 not allowed because %\n", "shell /bin/none does not exist"),
    ("User nixremote from 192.0.2.1 not allowed because not in AllowUsers%\n", ""),
    ("Authentication refused: bad ownership or modes for directory %\n", "/home/nixremote"),
    ("userauth_pubkey: key algorithm % not in PubkeyAcceptedAlgorithms\n", "ssh-rsa"),
    ("error: protocol mismatch, got '%'\n", "Welcome"),
    ("error: protocol mismatch, got '%\noixd'\n", "Welcome"),
    ("error: experimental Nix feature '%' is disabled\n", "nix-command"),
    (
      "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: error: a '%' with features "
        + "{} is required to build '/nix/store/a.drv', but I am a 'x86_64-linux' with features {}\n",
      "riscv64-linux"
    ),
    (
      "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: error: a 'x86_64-linux' with "
        + "features {%} is required to build '/nix/store/a.drv', but I am a 'x86_64-linux' with "
        + "features {}\n", "kvm, uid-range"
    ),
    (
      "error: a '%' with features {kvm} is required to build '/nix/store/a.drv', but I am a "
        + "'x86_64-linux' with features {}\n", "aarch64-linux"
    ),
    (
      "on 'ssh-ng://forge'\nReason: platform mismatch\nRequired system: '%'\n"
        + "Current system: 'x86_64-linux'\n", "riscv64-linux"
    ),
    (
      "on 'ssh-ng://forge'\nmissing system features\nRequired features: {%}\n"
        + "Available features: {benchmark}\n", "kvm"
    ),
    (
      "Failed to find a machine for remote build!\nrequired (system, features): (%, [])\n"
        + "1 available machines:\n(systems, maxjobs, supportedFeatures, mandatoryFeatures)\n"
        + "([i686-linux], 3, [], [])\n", "x86_64-linux"
    ),
    (
      "Failed to find a machine for remote build!\nrequired (system, features): (x86_64-linux, "
        + "[%])\n1 available machines:\n(systems, maxjobs, supportedFeatures, mandatoryFeatures)\n"
        + "([x86_64-linux], 3, [], [])\n", "kvm"
    ),
    (
      "Failed to find a machine for remote build!\nrequired (system, features): (x86_64-linux, "
        + "[])\n1 available machines:\n(systems, maxjobs, supportedFeatures, mandatoryFeatures)\n"
        + "([x86_64-linux], 3, [], [%])\n", "kvm"
    ),
    (
      "error: bad machine specification: failed to convert column #4 in a row: '% x 1'\n",
      "ssh-ng://forge"
    ),
    ("error: bad machine specification: %\n", "store URL was not found"),
    (
      "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: builder for "
        + "'/nix/store/a.drv' failed with exit code %;\n", "3"
    ),
    (
      "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: error: the group '%' "
        + "specified in 'build-users-group' does not exist\n", "nixbld"
    ),
    ("error: nix-builders: % is not there\n", "nixpkgs#helo"),
    ("cannot build on 'ssh-ng://%': error: failed to start SSH connection to 'x'\n", "anvil"),
  ]

  private static let hostile = [
    "; reboot #", "x; reboot #", "/x; reboot #", "/x\u{301}; reboot #", "$(reboot)", "`reboot`",
    "/x`reboot`", "\nreboot\n", "/x\nreboot", "'; reboot; '", "/'; reboot; '", "\"; reboot; \"",
    "'\u{301}; reboot", "\u{1B}]0;title\u{07}", "/x\u{1B}[2J", "\u{202E}toober",
    "-oProxyCommand=reboot",
    "a b", "/a b", "| reboot", "&& reboot", "> /nowhere/x", "/x>/nowhere/y", "\0", "a\0b", "*", "~",
    "99999999999999999999999999", "-9223372036854775808", "9223372036854775807", "1e400", "NaN",
    String(repeating: "a", count: 100_000), "/" + String(repeating: "/x", count: 2_000), "", "!!",
    "\\", "/x\\", "\u{FEFF}/x", "\u{9B}2J", "#\u{301}", "${IFS}reboot", "/../../etc/shadow;reboot",
    "192.0.2.7\u{34F}", "jump.lan\r", "ssh-ng://x?remote-program=reboot",
  ]

  private func explain(_ text: String) -> [Diagnosis] {
    [Diagnosis.recognise(text, of: builder), Diagnosis.explain(text, of: [])].compactMap(\.self)
  }

  @Test("each capture is one: what is honest is told")
  func honest() {
    for capture in Self.captures {
      #expect(!explain(capture.text.replacing("%", with: capture.honest)).isEmpty, "\(capture)")
    }
  }

  @Test("no sentence carries what a terminal obeys, and none grows without end")
  func sentences() {
    for capture in Self.captures {
      for word in Self.hostile {
        for diagnosis in explain(capture.text.replacing("%", with: word)) {
          let text = diagnosis.report.joined(separator: " ")
          let unseen = text.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }
          #expect(
            unseen.count == text.unicodeScalars.count, "\(capture.text) \(word.debugDescription)")
          #expect(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
          )
          #expect(text.utf8.count < 2_000, "\(capture.text) \(word.prefix(40))")
        }
      }
    }
  }

  /// What bash makes of commands: each program that one would start, with its words. Nothing is
  /// started, since the PATH leads nowhere and no hostile word names a program that is there.
  private func programs(_ commands: [String]) async -> [[String]] {
    let functions = commands.enumerated().map { number, command in
      """
      echo "begin \(number)"
      ( eval \(quoted(command)) ) </dev/null 2>/dev/null

      """
    }
    let script =
      """
      command_not_found_handle() { printf 'word %s\\n' "${@@Q}" >&3; printf 'end\\n' >&3; }
      exec 3>&1
      PATH=/nowhere

      """ + functions.joined()
    let result = await Command(["bash", "-s"], input: Array(script.utf8), timeLimit: .seconds(60))
      .run()
    return result.output.split(separator: "begin ").map {
      $0.split(separator: "\n").dropFirst().map(String.init)
    }
  }

  private func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: #"'\''"#) + "'"
  }

  @Test("a shell finds in each command the programs that are meant, and no words but theirs")
  func commands() async throws {
    var meant: [String: Int] = [:]
    var checked = 0
    for capture in Self.captures {
      let honest = explain(capture.text.replacing("%", with: capture.honest))
      var commands = honest.compactMap(\.command)
      let identities = honest.compactMap { $0.command == nil ? nil : $0.id }
      var names = identities
      for word in Self.hostile {
        for diagnosis in explain(capture.text.replacing("%", with: word)) {
          guard let command = diagnosis.command else { continue }
          commands.append(command)
          names.append(diagnosis.id)
        }
      }
      for command in Set(commands) {
        let parsed = await Command(["sh", "-n", "-c", command], timeLimit: .seconds(10)).run()
        #expect(parsed.succeeded, "\(command)")
        #expect(!command.contains("reboot"), "\(command)")
        #expect(!command.contains("\n"), "\(command)")
      }
      let found = await programs(commands)
      try #require(found.count == commands.count)
      // However it came about, the same diagnosis has as many programs with as many words.
      for (name, words) in zip(names, found) {
        let count = words.count
        let known = meant["\(name)"] ?? count
        meant["\(name)"] = known
        #expect(known == count, "\(name): \(words)")
        checked += 1
      }
    }
    #expect(checked > 300)
  }

  @Test("modes that a builder complains of are mended for a path, and for nothing else")
  func modes() {
    func log(_ place: String) -> Diagnosis? {
      Diagnosis.recognise(
        "Authentication refused: bad ownership or modes for \(place)\n", of: builder)
    }
    #expect(log("directory /home/nixremote")?.command == "chmod go-w /home/nixremote")
    #expect(log("file /etc/ssh/keys/nixremote")?.command == "chmod go-w /etc/ssh/keys/nixremote")
    let hostile = log("directory /x; reboot #")
    #expect(hostile?.id == "modes-on-builder")
    #expect(hostile?.command == nil)
    #expect(
      hostile?.cause
        == "On forge others than nixremote may write to the file with the keys, or to a folder above "
        + "it, so sshd passes over the keys that are authorized there.")
  }

  @Test("a number beyond all measure ends nothing")
  func numbers() {
    let penalty = "activating ipv4 penalty of 99999999999999999999999 seconds for penalty: x\n"
    let diagnosis = Diagnosis.recognise(penalty, of: builder)
    #expect(diagnosis?.id == "penalised")
    #expect(diagnosis?.command == "sleep 15; nix-builders test forge")
  }

  @Test("what is inserted in a command is one word")
  func quoting() {
    let word = "/x; reboot #'\u{301}\n$(x)"
    let command: ShellCommand = "chmod go-w \(word) \(7)"
    #expect(command.text == "chmod go-w '/x; reboot #'\\''\u{301}\n$(x)' 7")
  }
}
