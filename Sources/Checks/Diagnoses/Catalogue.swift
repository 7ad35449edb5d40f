import Builders

/// What a diagnosis is about: the builder whose check has failed, and what was printed.
struct Symptoms {
  let builder: Builder
  /// What the commands printed, without colour.
  let evidence: String

  init(_ evidence: String, of builder: Builder) {
    self.builder = builder
    self.evidence = withoutColour(evidence)
  }

  func says(_ texts: String...) -> Bool { texts.contains { evidence.contains($0) } }

  /// The first line that holds a text.
  func line(with text: String) -> String? {
    evidence.split(separator: "\n").first { $0.contains(text) }.map(String.init)
  }

  /// What stands between two texts, the first time that they occur.
  func text(between start: String, and end: String) -> String? {
    guard let from = evidence.firstRange(of: start) else { return nil }
    let rest = evidence[from.upperBound...]
    return rest.firstRange(of: end).map { String(rest[..<$0.lowerBound]) }
  }
}

extension Diagnosis {
  /// The cause that the evidence shows, or `nil` when it shows none that is known. Evidence is
  /// recognised by what ssh and Nix are known to print, never guessed.
  public static func recognise(_ evidence: String, of builder: Builder) -> Diagnosis? {
    let symptoms = Symptoms(evidence, of: builder)
    for recognise in catalogue {
      if let diagnosis = recognise(symptoms) { return diagnosis }
    }
    return nil
  }

  /// In order: what is further down the path of a connection only shows where nothing before it
  /// failed, and a refusal by ssh is followed by Nix's own, vaguer, complaint.
  private static let catalogue: [@Sendable (Symptoms) -> Diagnosis?] = [
    unresolvable, unreachable, refused, noAnswer, hangs, notSSH,
    hostKeyChanged, hostKeyUnknown,
    keyMissing, keyModesTooOpen, keyInvalid, keyRefused, penalised,
    noLogin, noNix, noisyShell, otherProgram,
    socketForbidden, daemonGone, daemonSilent,
    untrusted, systemNotOffered, featureNotOffered,
    mandatoryFeature, systemNotClaimed, featureNotClaimed,
    buildFailed, wentAway, commandDisabled, noNixpkgs, noSuchPackage,
  ]
}

extension Diagnosis {
  /// The causes that concern the way to a builder, and so whatever is asked of it.
  static let ofConnections: Set<String> = [
    "unresolvable", "unreachable", "refused", "no-answer", "hangs", "not-ssh", "host-key-changed",
    "unknown-host-key", "key-missing", "key-open-modes", "key-invalid", "key-refused", "penalised",
    "nologin", "no-nix", "noisy-shell", "other-program", "not-in-group", "daemon-gone",
    "daemon-silent", "untrusted", "missing-tool",
  ]
}
