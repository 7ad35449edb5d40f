extension Diagnosis {
  /// The name of a cause: short, and the same in every version, as `test --json` prints it.
  public enum Identity: String, CaseIterable, Sendable {
    // Before anybody logs in.
    case unresolvable
    case portInName = "port-in-name"
    case nameServerSilent = "name-server-silent"
    case noIPv6Route = "no-ipv6-route"
    case unreachable
    case refused
    case noAnswer = "no-answer"
    case hangs
    case notSSH = "not-ssh"
    case penalised
    case tooManyConnections = "too-many-connections"
    case hungUp = "hung-up"
    case noCommonAlgorithm = "no-common-algorithm"
    case hostKeyChanged = "host-key-changed"
    case unknownHostKey = "unknown-host-key"
    case hostKeyNotAccepted = "host-key-not-accepted"
    case hostKeyOtherPort = "host-key-other-port"
    case bastionCannotReach = "bastion-cannot-reach"
    case bastionRefuses = "bastion-refuses"
    case bastionUnknown = "bastion-unknown"

    // The key that logs in.
    case keyMissing = "key-missing"
    case keyOpenModes = "key-open-modes"
    case keyInvalid = "key-invalid"
    case keyUnreadable = "key-unreadable"
    case keyIsPublic = "key-is-public"
    case keyIsFolder = "key-is-folder"
    case keyIsNoFile = "key-is-no-file"
    case keyPassphrase = "key-passphrase"
    case keyWrongOwner = "key-wrong-owner"
    case keyMismatched = "key-mismatched-pub"
    case keyExists = "key-exists"
    case keyNotMade = "key-not-made"
    case keyInAgent = "key-in-agent"
    case keyHidden = "key-hidden"
    case keyNotRecorded = "key-not-recorded"
    case tooManyFailures = "too-many-failures"
    case keysNotAccepted = "keys-not-accepted"
    case keyRefused = "key-refused"

    // What sshd's own log tells.
    case noAccount = "no-account"
    case accountLocked = "account-locked"
    case shellMissing = "shell-missing"
    case notAllowed = "not-allowed"
    case modesOnBuilder = "modes-on-builder"
    case keyTypeRefused = "key-type-refused"
    case keyNotAuthorized = "key-not-authorized"

    // The account on the builder, and Nix there.
    case noLogin = "nologin"
    case noNix = "no-nix"
    case noisyShell = "noisy-shell"
    case otherProgram = "other-program"
    case forcedCommand = "forced-other"
    case protocolTooOld = "protocol-too-old"
    case notInGroup = "not-in-group"
    case daemonGone = "daemon-gone"
    case daemonFails = "daemon-fails"
    case daemonSilent = "daemon-silent"
    case storeCorrupt = "store-corrupt"
    case untrusted
    case unsigned
    case clockDiffers = "clock-differs"
    case clockBehind = "clock-behind"

    // What a builder says of itself.
    case administratorRefused = "administrator-refused"
    case factsNoNix = "facts-no-nix"
    case factsKVM = "facts-kvm"
    case factsNoSudo = "facts-no-sudo"
    case factsShutOut = "facts-shut-out"

    // Building.
    case systemNotOffered = "system-not-offered"
    case featureNotOffered = "feature-not-offered"
    case systemNotClaimed = "system-not-claimed"
    case featureNotClaimed = "feature-not-claimed"
    case mandatoryFeature = "mandatory-feature"
    case noBuilderTakes = "no-builder-takes-it"
    case noBuilders = "no-builders"
    case buildersIgnored = "builders-ignored"
    case machinesUnreadable = "machines-unreadable"
    case fractionalSpeed = "fractional-speed"
    case noBuildUsers = "no-build-users"
    case noSandbox = "no-sandbox"
    case noSandboxShell = "no-sandbox-shell"
    case diskFull = "disk-full"
    case diskFullHere = "disk-full-here"
    case buildDiskFull = "build-disk-full"
    case buildFailed = "build-failed"
    case wentAway = "builder-went-away"
    case noNixpkgs = "no-nixpkgs"
    case noSuchPackage = "no-such-package"
    case notEvaluated = "package-not-evaluated"
    case notBuilt = "not-built"
    case builtElsewhere = "built-elsewhere"

    // What this machine has installed.
    case experimentalFeature = "experimental-feature"
    case sshConfigurationModes = "ssh-config-modes"
    case sshNotStarted = "ssh-not-started"
    case distributedBuildsOff = "distributed-builds-off"
    case buildersOverridden = "builders-overridden"
    case noHostBlock = "no-host-block"
    case aliasShadowed = "alias-shadowed"
    case daemonCannotConnect = "daemon-cannot-connect"
    case daemonStuck = "daemon-stuck"
    case daemonDiffers = "daemon-differs"
    case notInstalled = "not-installed"
    case notRoot = "not-root"
    case missingTool = "missing-tool"
    case timedOut = "timed-out"
    case printsTooMuch = "prints-too-much"
    case outOfTime = "out-of-time"
  }
}

extension Diagnosis.Identity {
  /// Whether it concerns the way to a builder, and so whatever is asked of it.
  var isOfConnection: Bool {
    switch self {
    case .unresolvable, .portInName, .unreachable, .noIPv6Route, .refused, .noAnswer, .hangs,
      .notSSH, .penalised, .tooManyConnections, .hungUp, .hostKeyChanged, .unknownHostKey,
      .noCommonAlgorithm, .bastionCannotReach, .bastionRefuses, .bastionUnknown, .keyMissing,
      .keyOpenModes, .keyInvalid, .keyUnreadable, .tooManyFailures, .keysNotAccepted, .keyRefused,
      .noLogin, .noNix, .noisyShell, .otherProgram, .protocolTooOld, .notInGroup, .daemonGone,
      .daemonFails, .daemonSilent, .storeCorrupt, .untrusted, .missingTool, .noHostBlock,
      .aliasShadowed, .daemonDiffers, .daemonCannotConnect, .daemonStuck, .sshConfigurationModes,
      .sshNotStarted:
      true
    default: false
    }
  }

  /// Whether it concerns whatever is built on a builder.
  var isOfEveryBuild: Bool {
    switch self {
    case .diskFull, .buildDiskFull, .diskFullHere, .noBuildUsers, .noSandbox, .noSandboxShell,
      .fractionalSpeed, .machinesUnreadable, .buildersIgnored, .unsigned:
      true
    default: isOfConnection
    }
  }
}
