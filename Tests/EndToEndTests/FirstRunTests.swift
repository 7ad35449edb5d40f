import Glibc
import Practice
import Testing

/// From the empty wizard to "builds for this machine", as installed, on a machine with nothing but
/// sshd, Nix and a login.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FirstRunTests {
  private static let authorize = """
    mkdir -p "$home/.ssh"
    printf '%s' "$1" >>"$home/.ssh/authorized_keys"
    chmod 700 "$home/.ssh"
    chmod 600 "$home/.ssh/authorized_keys"
    """

  @Test("root, with the person's key")
  func rootByKey() async throws {
    try await FirstRun.walk("home=/root\n\(Self.authorize)") { run in
      try await run.begin()
      try await run.at("▸ root@192.0.2.7", "Enter")
      try await run.answerAll(withFacts: true)
      try await run.applyThere()
      try await run.applyHere()
      try await run.test("as installed")
      try await run.prove("(a) root by key")
    }
  }

  private static let hasSudo =
    access((PracticeOptions().builderRoot ?? "") + "/usr/bin/sudo", X_OK) == 0

  @Test("a person whose sudo asks for a password", .enabled(if: hasSudo))
  func sudo() async throws {
    // The password is that of the machine's other accounts.
    let account = """
      hash=$(grep '^admin:' /etc/shadow | cut -d: -f2)
      echo 'lars:x:1234:100:Lars:/home/lars:/bin/sh' >>/etc/passwd
      echo "lars:$hash:1::::::" >>/etc/shadow
      sed -i 's/^wheel:.*/&,lars/' /etc/group
      home=/home/lars
      \(Self.authorize)
      chown -R 1234:100 /home/lars
      """
    try await FirstRun.walk(account) { run in
      try await run.begin()
      try await run.at("lars@192.0.2.7", "Down", "Enter")
      try await run.answerAll(withFacts: true)
      try await run.applyThere(sudoPassword: "practice")
      try await run.applyHere()
      try await run.test("as installed")
      try await run.prove("(b) sudo with a password")
    }
  }

  @Test("root, with a password")
  func rootByPassword() async throws {
    try await FirstRun.walk("") { run in
      try await run.begin()
      try await run.at("▸ root@192.0.2.7", "Enter")
      try await run.answer("practice", at: "root@192.0.2.7's password:")
      try await run.answerAll(withFacts: true)
      try await run.applyThere()
      try await run.applyHere()
      try await run.test("as installed")
      try await run.prove("(c) root by password")
    }
  }

  @Test("somebody else's machine: would build when its owner has applied, then builds")
  func somebodyElse() async throws {
    try await FirstRun.walk("") { run in
      try await run.begin()
      try await run.at("Somebody else looks after builder", "End", "Enter")
      try await run.answerAll(withFacts: false)
      try await run.at("▸ Hand over what builder needs", "Enter")
      try await run.at("Until its owner has applied this", "Enter")
      try await run.at("builder does not know the key yet")
      try await run.ownerApplies()
      try await run.at("▸ Look again", "Enter")
      try await run.at("✓ builder knows the key")
      try await run.at("▸ Go on", "Enter")
      try await run.test("as written")
      try await run.at("builder would build once it is installed here.")
      try await run.at("▸ Apply it here", "Enter")
      try await run.applyHere()
      try await run.test("as installed")
      try await run.prove("(d) somebody else's")
    }
  }

  @Test("a program that is killed leaves no ssh behind, and the next start no folder")
  func killed() async throws {
    try await FirstRun.walk("home=/root\n\(Self.authorize)") { run in
      try await run.begin()
      try await run.at("▸ root@192.0.2.7", "Enter")
      try await run.at("▸ Go on")
      let masters = "grep -las 'ControlPath=/tmp/nix-builders-' /proc/[0-9]*/cmdline || :"
      let words = try await run.here("tr '\\0' '\\n' <$(\(masters) | head -n 1)")
      let prefix = "ControlPath="
      let socket = try #require(words.split(separator: "\n").first { $0.hasPrefix(prefix) })
        .dropFirst(prefix.count)
      // The socket of somebody else's ssh lies a folder further down.
      let folder = "/tmp/" + socket.split(separator: "/")[1]
      _ = try await run.here(
        """
        test -S '\(socket)'
        for process in /proc/[0-9]*; do
          if [ "$(readlink "$process/exe")" = "$1" ]; then kill -KILL "${process#/proc/}"; fi
        done
        """)
      // ssh loses its terminal with the program, and goes at once.
      let left = try await run.here(
        """
        for i in $(seq 50); do
          [ -z "$(grep -las 'ControlPath=\(folder)/' /proc/[0-9]*/cmdline)" ] && break
          sleep 0.1
        done
        grep -las 'ControlPath=\(folder)/' /proc/[0-9]*/cmdline || :
        """)
      #expect(left == "")
      #expect(try await run.here("test -d \(folder) && echo there") == "there\n")
      // One that somebody holds stays.
      _ = try await run.here(
        """
        mkdir -m 700 /tmp/nix-builders-holder; : >/tmp/nix-builders-holder/.lock
        touch -d '1 hour ago' /tmp/nix-builders-holder/.lock
        setsid flock /tmp/nix-builders-holder/.lock sleep 60 </dev/null >/dev/null 2>&1 &
        mkdir -m 700 /tmp/nix-builders-others
        sleep 3
        """)
      try await run.openAgain()
      try await run.at("▸ Add a builder")
      let folders = try await run.here(
        """
        for i in $(seq 50); do [ -e \(folder) ] || break; sleep 0.1; done
        ls -d \(folder) /tmp/nix-builders-holder /tmp/nix-builders-others 2>/dev/null || :
        """)
      #expect(folders == "/tmp/nix-builders-holder\n/tmp/nix-builders-others\n")
    }
  }
}
