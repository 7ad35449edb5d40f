import Builders

extension Diagnosis {
  /// The cause that the evidence shows, or `nil` when it shows none that is known. Evidence is
  /// recognised by what ssh, sshd and Nix are known to print, never guessed.
  public static func recognise(_ evidence: String, of builder: Builder) -> Diagnosis? {
    let symptoms = Symptoms(evidence, of: builder)
    for entry in Entry.catalogue {
      if let diagnosis = entry.diagnosis(symptoms) { return diagnosis }
    }
    return nil
  }
}

extension Entry {
  /// In order: sshd's own word is surest, the last of it first; what is further down the path of a
  /// connection only shows where nothing before it failed; a refusal by ssh is followed by Nix's
  /// own, vaguer, complaint.
  static let catalogue: [Entry] =
    [penalty, penalised, tooManyConnections, serverLog]
    + [sshConfigurationModes, portInName, unresolvable, noIPv6Route, unreachable, refused]
    + [noAnswer, hangs, notSSH, bastionCannotReach, hostKeyChanged, hostKeyUnknown]
    + [algorithmsDiffer, keyMissing, keyModesTooOpen, keyInvalid, keyUnreadable]
    + [tooManyFailures, keysNotAccepted, keyRefused, hungUp]
    + [noLogin, noNix, noisyShell, protocolTooOld, otherProgram]
    + [diskFull, buildDiskFull, diskFullHere, storeCorrupt, socketForbidden, daemonGone]
    + [daemonFails, daemonSilent, notPrivileged, unsigned, systemRefused, systemNotOffered]
    + [featureRefused, featureNotOffered, mandatoryFeature, systemNotClaimed, featureNotClaimed]
    + [fractionalSpeed, machinesUnreadable, noBuildUsers, noSandbox, noSandboxShell]
    + [buildFailed, wentAway, sshNotStarted, buildersIgnored, noBuilderTakes, noBuilders]
    + [commandDisabled, clockBehind, noNixpkgs, noSuchPackage, notTrusted]
}
