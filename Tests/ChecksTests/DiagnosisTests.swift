import Builders
import Testing

@testable import Checks
@testable import SSH

@Suite struct DiagnosisTests {
  private let builder = Builder(alias: "forge", address: "10.0.0.2", systems: ["x86_64-linux"])

  /// Each recorded failure and its cause, for both versions of Nix where they say the same.
  private static let causes: [(String, String)] = [
    ("unresolvable", "unresolvable"), ("refused", "refused"), ("hangs", "hangs"),
    ("unknown-host-key", "unknown-host-key"), ("changed-host-key", "host-key-changed"),
    ("wrong-key", "key-refused"), ("no-such-user", "key-refused"),
    ("no-key-file", "key-missing"), ("open-modes", "key-open-modes"),
    // ssh says nothing of the passphrase where it must not ask; the key's own check does.
    ("passphrase", "key-refused"),
    ("nologin", "nologin"), ("no-nix", "no-nix"),
  ]

  @Test(
    "what ssh prints has its cause", arguments: Transcripts.versions, DiagnosisTests.causes)
  func ssh(version: String, cause: (name: String, id: String)) {
    let evidence = Transcripts.evidence(version, "ssh-\(cause.name)")
    #expect(Diagnosis.recognise(evidence, of: builder)?.id == cause.id)
  }

  @Test(
    "what Nix prints of the store has the same cause",
    arguments: Transcripts.versions, DiagnosisTests.causes)
  func store(version: String, cause: (name: String, id: String)) {
    let evidence = Transcripts.evidence(version, "store-\(cause.name)")
    #expect(Diagnosis.recognise(evidence, of: builder)?.id == cause.id)
  }

  @Test(
    "what Nix prints of a build has the same cause",
    arguments: Transcripts.versions, DiagnosisTests.causes)
  func build(version: String, cause: (name: String, id: String)) {
    let evidence = Transcripts.evidence(version, "build-\(cause.name)")
    #expect(Diagnosis.recognise(evidence, of: builder)?.id == cause.id)
  }

  @Test(
    "what differs between the versions of Nix has its cause too",
    arguments: [
      ("nix-2.8.0", "store-noisy-shell", "other-program"),
      ("nix-2.34.8", "store-noisy-shell", "noisy-shell"),
      ("nix-2.8.0", "build-noisy-shell", "other-program"),
      ("nix-2.34.8", "build-noisy-shell", "noisy-shell"),
      ("nix-2.8.0", "store-forced-other", "other-program"),
      ("nix-2.34.8", "store-forced-other", "other-program"),
      ("nix-2.8.0", "build-forced-other", "other-program"),
      ("nix-2.34.8", "build-forced-other", "other-program"),
      ("nix-2.8.0", "store-not-in-group", "not-in-group"),
      ("nix-2.34.8", "store-not-in-group", "daemon-silent"),
      ("nix-2.8.0", "build-not-in-group", "not-in-group"),
      ("nix-2.34.8", "build-not-in-group", "daemon-silent"),
      ("nix-2.8.0", "store-daemon-gone", "daemon-gone"),
      ("nix-2.34.8", "store-daemon-gone", "daemon-silent"),
      ("nix-2.8.0", "build-daemon-gone", "daemon-gone"),
      ("nix-2.34.8", "build-daemon-gone", "daemon-silent"),
      ("nix-2.8.0", "build-untrusted", "untrusted"),
      ("nix-2.34.8", "ssh-penalised", "hung-up"),
      ("nix-2.34.8", "store-penalised", "hung-up"),
      ("nix-2.34.8", "build-penalised", "hung-up"),
      ("nix-2.8.0", "store-host-port", "port-in-name"),
      ("nix-2.34.8", "store-untrusted", "untrusted"),
      ("nix-2.34.8", "store-host-port", "unknown-host-key"),
      ("nix-2.8.0", "store-ping-needs-feature", "experimental-feature"),
      ("nix-2.34.8", "store-info-needs-feature", "experimental-feature"),
    ])
  func differing(version: String, name: String, id: String) {
    #expect(Diagnosis.recognise(Transcripts.evidence(version, name), of: builder)?.id == id)
  }

  @Test(
    "a build that fails or is not placed has its cause", arguments: Transcripts.versions,
    [
      ("build-fails", "build-failed"), ("build-connection-dies", "builder-went-away"),
      ("build-feature-claimed-not-there", "feature-not-offered"),
      ("build-feature-not-claimed", "feature-not-claimed"),
      ("build-feature-mandatory-unused", "mandatory-feature"),
      ("build-system-claimed-not-there", "system-not-offered"),
      ("build-system-not-claimed", "system-not-claimed"),
      ("build-pinned-wrong-host-key", "host-key-changed"),
      ("build-pinned-host-key-alias-differs", "unknown-host-key"),
    ])
  func builds(version: String, cause: (name: String, id: String)) {
    let evidence = Transcripts.evidence(version, cause.name)
    #expect(Diagnosis.recognise(evidence, of: builder)?.id == cause.id)
  }

  @Test(
    "where nothing is wrong, or nothing known, there is no cause", arguments: Transcripts.versions,
    [
      "ssh-good", "store-good", "store-good-json", "build-good", "build-feature-good",
      "build-system-emulated-good", "build-pinned-host-key", "build-two-dependencies",
      "build-restricted", "store-restricted", "ssh-restricted", "build-timeout", "rebuild-first",
      "build-interrupted", "rebuild-never-built", "rebuild-remote-still-has-it", "ssh-noisy-shell",
      "ssh-forced-other", "ssh-not-in-group", "ssh-untrusted",
      "store-info-on-old", "version",
    ])
  func nothing(version: String, name: String) {
    #expect(Diagnosis.recognise(Transcripts.evidence(version, name), of: builder) == nil)
  }

  @Test("unknown evidence gets no diagnosis")
  func unknown() {
    #expect(Diagnosis.recognise("", of: builder) == nil)
    #expect(Diagnosis.recognise("Something never seen before\n", of: builder) == nil)
  }

  @Test("colour in the evidence does not matter")
  func colour() {
    let evidence =
      "\u{1B}[31;1merror:\u{1B}[0m \u{1B}[35;1myou are not privileged to build "
      + "input-addressed derivations\u{1B}[0m\n"
    #expect(
      Diagnosis.recognise(evidence, of: builder)
        == Diagnosis(
          .untrusted, cause: "Nix on forge does not trust nixremote.",
          remedy: "On forge: nix.settings.trusted-users = [ \"nixremote\" ]; and switch.",
          command: "nixos-rebuild switch",
          manual: "https://nix.dev/manual/nix/latest/command-ref/conf-file.html#conf-trusted-users"
        ))
  }

  @Test("the diagnosis names what is missing")
  func details() {
    let feature = Transcripts.evidence("nix-2.8.0", "build-feature-claimed-not-there")
    #expect(
      Diagnosis.recognise(feature, of: builder)?.cause
        == "Nix on forge does not offer the feature uid-range.")
    let system = Transcripts.evidence("nix-2.34.8", "build-system-claimed-not-there")
    #expect(
      Diagnosis.recognise(system, of: builder)?.cause
        == "forge builds for x86_64-linux, not for riscv64-linux.")
    let script = Transcripts.evidence("nix-2.34.8", "build-fails")
    #expect(
      Diagnosis.recognise(script, of: builder)?.cause
        == "forge ran the build, and the build's own script failed with exit status 3.")
  }

  @Test(
    "what fails on the way through a bastion is put down to the right one of the two",
    arguments: [
      (
        "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\n",
        "bastion-cannot-reach"
      ),
      ("me@jump.lan: Permission denied (publickey).\n", "bastion-refuses"),
      ("Host key verification failed.\n", "bastion-unknown"),
      ("ssh: connect to host jump.lan port 22: Connection refused\n", "refused"),
      ("ssh: Could not resolve hostname jump.lan: Name or service not known\n", "unresolvable"),
      ("never seen\n", nil),
    ] as [(String, String?)])
  func bastion(evidence: String, id: String?) {
    #expect(Diagnosis.bastion("me@jump.lan", evidence, builder)?.id == id)
  }

  @Test("a flake that cannot be fetched is not the builder's name")
  func curl() {
    let evidence =
      "error: unable to download 'https://channels.nixos.org/flake-registry.json': "
      + "Could not resolve hostname (6) Could not resolve host: channels.nixos.org\n"
    #expect(Diagnosis.recognise(evidence, of: builder)?.id == "no-nixpkgs")
  }
}
