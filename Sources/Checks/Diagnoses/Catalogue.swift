import Builders

extension Diagnosis {
  /// The cause that the evidence shows, or `nil` when it shows none that is known. Evidence is
  /// recognised by what ssh, sshd and Nix are known to print, never guessed.
  public static func recognise(_ evidence: String, of builder: Builder) -> Diagnosis? {
    let symptoms = Symptoms(evidence, of: builder)
    for recognise in catalogue {
      if let diagnosis = recognise(symptoms) { return diagnosis }
    }
    return nil
  }

  /// In order: sshd's own word is surest, the last of it first; what is further down the path of a
  /// connection only shows where nothing before it failed; a refusal by ssh is followed by Nix's
  /// own, vaguer, complaint.
  private static let catalogue: [@Sendable (Symptoms) -> Diagnosis?] = [
    penalised, tooManyConnections, serverLog,
    unresolvable, noIPv6Route, unreachable, refused, noAnswer, hangs, notSSH,
    hostKeyChanged, hostKeyUnknown, algorithmsDiffer,
    keyMissing, keyModesTooOpen, keyInvalid, keyUnreadable, tooManyFailures, keysNotAccepted,
    keyRefused, hungUp,
    noLogin, noNix, noisyShell, protocolTooOld, otherProgram,
    diskFull, socketForbidden, daemonGone, daemonFails, daemonSilent,
    untrusted, systemNotOffered, featureNotOffered,
    mandatoryFeature, systemNotClaimed, featureNotClaimed,
    fractionalSpeed, noBuildUsers, noSandbox, noSandboxShell,
    buildFailed, wentAway, commandDisabled, clockBehind, noNixpkgs, noSuchPackage,
  ]
}

extension Diagnosis {
  /// The causes that concern the way to a builder, and so whatever is asked of it.
  static let ofConnections: Set<String> = [
    "unresolvable", "unreachable", "no-ipv6-route", "refused", "no-answer", "hangs", "not-ssh",
    "penalised", "too-many-connections", "hung-up", "host-key-changed", "unknown-host-key",
    "no-common-algorithm", "key-missing", "key-open-modes", "key-invalid", "key-unreadable",
    "too-many-failures", "keys-not-accepted", "key-refused", "nologin", "no-nix", "noisy-shell",
    "other-program", "protocol-too-old", "not-in-group", "daemon-gone", "daemon-fails",
    "daemon-silent",
    "untrusted", "missing-tool", "no-host-block", "alias-shadowed", "daemon-differs",
    "daemon-cannot-connect",
  ]

  /// The causes that concern whatever is built on a builder.
  static let ofEveryBuild = ofConnections.union([
    "disk-full", "disk-full-here", "no-build-users", "no-sandbox", "no-sandbox-shell",
    "fractional-speed",
  ])
}
