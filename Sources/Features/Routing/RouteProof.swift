import Base
import Builders
import Checks
import Nix
import Processes

/// Where Nix really sent a build, compared with what was decided.
public struct RouteProof: Equatable, Sendable {
  /// Where a build went.
  public enum Place: Equatable, Sendable {
    /// To this machine itself.
    case local
    /// To the builder with this store URL.
    case builder(String)
    /// Nobody took it, Nix says.
    case nowhere
    /// Nix failed for another reason before it came to that.
    case unknown
    /// Nix was still waiting for a free slot when it was stopped.
    case waiting
  }

  /// The command that was run.
  public var command: String
  /// Where the probe went.
  public var place: Place
  /// Whether it was built there.
  public var built: Bool
  /// The store URLs of the builders that Nix could not reach.
  public var unreachable: [String]
  /// What Nix printed.
  public var log: String
  /// Whether it went where it was decided that it would go.
  public var agrees: Bool
  /// The outcome as a sentence for people.
  public var sentence: String

  /// Creates a proof.
  public init(
    command: String, place: Place, built: Bool, unreachable: [String], log: String, agrees: Bool,
    sentence: String
  ) {
    self.command = command
    self.place = place
    self.built = built
    self.unreachable = unreachable
    self.log = log
    self.agrees = agrees
    self.sentence = sentence
  }

  /// Compares what Nix did with what was decided.
  init(
    command: String, seen: ProbeLog, ended: Command.Ending, verdicts: [RouteVerdict],
    situation: RouteSituation
  ) {
    self.command = command
    unreachable = seen.unreachable
    log = seen.text
    built = ended == .exited(0)
    place = seen.place ?? (ended == .timedOut && seen.waited ? .waiting : seen.refusal)
    agrees = Self.isExpected(place, verdicts, situation)
    sentence = Self.outcome(place, built: built)
    if agrees {
      sentence += ", as Nix's rules say."
    } else if place == .unknown {
      sentence += "."
    } else {
      let expected = verdicts.first(where: \.getsBuild)
      let name = expected.map { $0.machine == .local ? "this machine" : $0.name }
      sentence += ". By Nix's rules \(name.map { "\($0) gets it" } ?? "nobody can build it")."
      for url in unreachable { sentence += " Nix could not reach \(url)." }
    }
  }

  private static func isExpected(
    _ place: Place, _ verdicts: [RouteVerdict], _ situation: RouteSituation
  ) -> Bool {
    let expected = verdicts.filter(\.getsBuild)
    switch place {
    case .unknown: return false
    case .nowhere: return expected.isEmpty
    // One without jobs is awaited for ever.
    case .waiting: return expected.allSatisfy { $0.outcome == .waits }
    case .local: return expected.contains { $0.machine == .local }
    case .builder(let url):
      return expected.contains { verdict in
        guard case .builder(let index) = verdict.machine else { return false }
        return BuiltDerivation.isSameStore(situation.builders[index].url, url)
      }
    }
  }

  private static func outcome(_ place: Place, built: Bool) -> String {
    switch place {
    case .nowhere: "No machine took it"
    case .unknown: "Nix failed before it looked for a machine"
    case .waiting: "Nix waited for a free slot until it was stopped"
    case .local: built ? "It was built on this machine" : "It went to this machine and failed there"
    case .builder(let url): built ? "It was built on \(url)" : "It went to \(url) and failed there"
    }
  }
}

/// What Nix's log tells of a probe.
struct ProbeLog: Equatable {
  /// Where it went.
  private(set) var place: RouteProof.Place?
  /// The store URLs of builders that could not be reached.
  private(set) var unreachable: [String] = []
  /// Whether Nix had to wait for a machine.
  private(set) var waited = false
  /// The log as Nix would print it.
  private(set) var text = ""

  /// What Nix says, in one version or another, when no machine takes a build.
  private static let refusals = [
    "is required to build", "unable to start any build", "local builds are disabled",
    "platform mismatch", "missing system features", "required system or feature not available",
    "bad machine specification",
  ]

  /// Where it went when it was begun nowhere.
  var refusal: RouteProof.Place {
    let words = text.lowercased().unicodeScalars
    return Self.refusals.contains { words.contains($0) } ? .nowhere : .unknown
  }

  /// - Parameters:
  ///   - output: what Nix printed with `--log-format internal-json`.
  ///   - nonce: the probe's.
  init(_ output: String, nonce: String) {
    var events: [NixLogEvent] = []
    var parser = NixLogParser()
    parser.feed(Array(output.utf8)) { events.append($0) }
    parser.finish { events.append($0) }
    var renderer = NixLogRenderer()
    var bytes: [UInt8] = []
    for event in events {
      renderer.append(event, to: &bytes)
      take(event, nonce: nonce)
    }
    text = withoutColour(String(decoding: bytes, as: UTF8.self))
  }

  private mutating func take(_ event: NixLogEvent, nonce: String) {
    switch event {
    case .started(_, _, let text, let activity):
      if case .build(let derivation, let machine) = activity,
        derivation.unicodeScalars.contains(nonce)
      {
        // What a builder says of its own work comes through as well, without a machine.
        if !machine.isEmpty { place = .builder(machine) } else if place == nil { place = .local }
      }
      if String(decoding: text, as: UTF8.self).unicodeScalars.contains(
        "waiting for a machine to build")
      {
        waited = true
      }
    case .message(_, let text):
      let words = withoutColour(String(decoding: text, as: UTF8.self)).unicodeScalars
      if let mark = words.firstRange(of: "cannot build on '") {
        unreachable.append(String(words[mark.upperBound...].prefix { $0 != "'" }))
      }
    default: break
    }
  }
}
