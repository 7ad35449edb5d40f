import Builders
import Testing

@testable import Checks
@testable import SSH

/// What once had another cause named, or none.
@Suite("Explanations") struct ExplanationTests {
  private let builder: Builder = {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.proxyJump = "me@jump.lan"
    return builder
  }()

  @Test(
    "each has the cause that it has",
    arguments: [
      (
        "ssh: Could not resolve hostname 10.0.0.2:2222: Name or service not known\n", "port-in-name"
      ),
      ("ssh: Could not resolve hostname forge: Name or service not known\n", "unresolvable"),
      (
        "No ED25519 host key is known for jump.lan and you have requested strict checking.\n"
          + "Host key verification failed.\nConnection closed by UNKNOWN port 65535\n",
        "bastion-unknown"
      ),
      (
        "No ED25519 host key is known for forge and you have requested strict checking.\n"
          + "Host key verification failed.\n", "unknown-host-key"
      ),
      ("me@jump.lan: Permission denied (publickey).\n", "bastion-refuses"),
      (
        "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\n",
        "bastion-cannot-reach"
      ),
      (
        "error: cannot add path '/nix/store/a-x' because it lacks a signature by a trusted key\n",
        "unsigned"
      ),
      ("Store URL: ssh-ng://forge\nVersion: 2.34.8\nTrusted: 0\n", "untrusted"),
      (#"{"trusted":false,"url":"ssh-ng://forge","version":"2.34.8"}"#, "untrusted"),
      ("Bad owner or permissions on /root/.ssh/config\n", "ssh-config-modes"),
      (
        "cannot build on 'ssh-ng://forge': error: failed to start SSH connection to 'forge'\n",
        "ssh-not-started"
      ),
      (
        "warning: ignoring the client-specified setting 'builders', because it is a restricted "
          + "setting and you are not a trusted user\n", "builders-ignored"
      ),
      (
        "error: unable to start any build; either increase '--max-jobs' or enable remote builds.\n",
        "no-builders"
      ),
      (
        "error: a 'aarch64-linux' with features {} is required to build '/nix/store/a.drv', but I "
          + "am a 'x86_64-linux' with features {benchmark}\n", "no-builder-takes-it"
      ),
      (
        "error: bad machine specification: failed to convert column #3 in a row: 'ssh-ng://b x - x "
          + "1' to 'unsigned int'\n", "machines-unreadable"
      ),
      (
        "probe> /bin/sh: 1: echo: echo: I/O error\nprobe> sh: write error: No space left on device\n"
          + "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: builder for "
          + "'/nix/store/a.drv' failed with exit code 1;\n", "build-disk-full"
      ),
      (
        "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: builder for "
          + "'/nix/store/a.drv' failed with exit code 1;\n"
          + "note: build failure may have been caused by lack of free disk space\n",
        "build-disk-full"
      ),
      (
        "error: build of '/nix/store/a.drv' on 'ssh-ng://forge' failed: error: creating directory "
          + "'/tmp/nix-build-a.drv-0': No space left on device\n", "build-disk-full"
      ),
      (
        "cannot build on 'ssh-ng://forge': error: executing SQLite query: database disk image is "
          + "malformed\n", "store-corrupt"
      ),
      ("bash: line 1: nix-daemon: command not found\n", "no-nix"),
    ])
  func causes(text: String, id: String) {
    #expect(Diagnosis.recognise(text, of: builder)?.id == id)
  }

  @Test("a file of the store by the name of Nix's daemon is not a missing Nix")
  func file() {
    let text = "error: getting status of '/nix/store/a-nix-daemon-2': No such file or directory\n"
    #expect(Diagnosis.recognise(text, of: builder) == nil)
  }

  @Test("the text's own address and port count, not the inventory's")
  func endpoint() {
    let text = "ssh: connect to host 198.51.100.4 port 2222: Connection refused\n"
    #expect(
      Diagnosis.recognise(text, of: builder)?.cause
        == "198.51.100.4 is there, but nothing listens on port 2222.")
  }

  @Test("a missing signature is not only a matter of trust")
  func unsigned() {
    let text =
      "error: cannot add path '/nix/store/a' because it lacks a signature by a trusted key\n"
    let remedy = Diagnosis.recognise(text, of: builder)?.remedy
    #expect(remedy?.contains("nix.settings.trusted-users = [ \"nixremote\" ];") == true)
    #expect(remedy?.contains("nix.settings.trusted-public-keys") == true)
  }

  @Test("no inventory is needed: the text names the builder")
  func withoutInventory() {
    let text =
      "error: build of '/nix/store/a.drv' on 'ssh-ng://anvil' failed: builder for "
      + "'/nix/store/a.drv' failed with exit code 3;\n"
    #expect(
      Diagnosis.explain(text, of: [])?.cause
        == "anvil ran the build, and the build's own script failed with exit status 3.")
    let log = "Invalid user lars from 192.0.2.1 port 40000\n"
    #expect(Diagnosis.explain(log, of: [])?.cause == "There is no account lars on BUILDER.")
  }

  @Test("of several builders the one that the text names is meant")
  func several() {
    var other = Builder(alias: "anvil", address: "192.0.2.8", systems: ["x86_64-linux"])
    other.keyPath = "/root/anvil"
    let text = "nixremote@192.0.2.8: Permission denied (publickey).\n"
    let cause = Diagnosis.explain(text, of: [builder, other])?.cause
    #expect(cause?.contains("/root/anvil") == true)
  }

  @Test("internal-json is read as what Nix would have printed")
  func internalJSON() {
    let text =
      #"@nix {"action":"msg","level":0,"msg":"\u001b[31;1merror:\u001b[0m you are not "#
      + #"privileged to build input-addressed derivations"}"# + "\n"
    #expect(Diagnosis.explain(text, of: [builder])?.id == "untrusted")
  }

  @Test("a list of several machines is looked at as a whole, in the old way of writing too")
  func placing() {
    let head = "Failed to find a machine for remote build!\nderivation: a.drv\n"
    let list = "2 available machines:\n(systems, maxjobs, supportedFeatures, mandatoryFeatures)\n"
    let kvm =
      head + "required (system, features): (x86_64-linux, kvm)\n" + list
      + "(x86_64-linux, i686-linux, 2, benchmark, )\n(aarch64-linux, 1, kvm, )\n"
    let missing = Diagnosis.recognise(kvm, of: builder)
    #expect(missing?.id == "feature-not-claimed")
    #expect(
      missing?.cause == "The configuration here does not list kvm for any of 2 builders.")
    let arm =
      head + "required (system, features): (aarch64-linux, [])\n" + list
      + "([x86_64-linux], 2, [], [])\n([i686-linux], 1, [], [])\n"
    #expect(Diagnosis.recognise(arm, of: builder)?.id == "system-not-claimed")
    let fine =
      head + "required (system, features): (x86_64-linux, [])\n" + list
      + "([x86_64-linux], 2, [], [])\n([i686-linux], 1, [], [])\n"
    #expect(Diagnosis.recognise(fine, of: builder)?.id == "no-builders")
  }

  @Test("a command of Nix that gets no connection is put down to the daemon")
  func stuck() {
    #expect(Diagnosis.daemonStuck.id == "daemon-stuck")
    #expect(Diagnosis.daemonStuck.command == "systemctl restart nix-daemon")
    #expect(Diagnosis.daemonStuck.identity.isOfConnection)
  }
}
