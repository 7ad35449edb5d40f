import Builders
import Checks
import FoundationEssentials

/// What `route` has to say.
struct RouteReport: Sendable {
  var request: RouteRequest
  var situation: RouteSituation
  var verdicts: [RouteVerdict]
  var proof: RouteProof?

  /// Whether some machine takes the build and, where that was tried, took it.
  var passed: Bool {
    verdicts.contains(where: \.getsBuild) && (proof.map { $0.agrees && $0.built } ?? true)
  }

  // MARK: - Text

  var text: String {
    var lines = [request.summary] + verdicts.map { "  \($0.sign) \($0.sentence)" }
    if !verdicts.contains(where: \.getsBuild) {
      lines.insert("  ✗ No machine takes it.", at: 1)
    }
    if situation.busySlots == nil {
      lines.append("  Only root sees which jobs are in use; here all builders count as idle.")
    }
    return lines.joined(separator: "\n")
  }

  /// What a probe has shown; with Nix's own words where they are needed.
  static func text(of proof: RouteProof) -> String {
    var lines = ["Probe: \(proof.command)", "  \(proof.agrees ? "✓" : "✗") \(proof.sentence)"]
    if !proof.agrees || !proof.built {
      lines += proof.log.split(whereSeparator: \.isNewline).map { "    | \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  // MARK: - JSON

  /// The object of `route --json`: what was asked for, `taken`, `loadKnown`, and `machines` in the
  /// order of the verdicts, each with its `outcome` (`takes`, `waits`, `next`, `ruled-out`), the
  /// `rules` that rule it out, and the sentence; with `--prove` also the `proof`.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Every value is a string, a number or a boolean, so nothing can go wrong.
    guard let data = try? encoder.encode(Document(self)) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }

  private struct Document: Encodable {
    var request: Request
    var taken: Bool
    var loadKnown: Bool
    var machines: [Machine]
    var proof: Proof?

    init(_ report: RouteReport) {
      request = Request(report.request)
      taken = report.verdicts.contains(where: \.getsBuild)
      loadKnown = report.situation.busySlots != nil
      machines = report.verdicts.map { Machine($0, report.situation) }
      proof = report.proof.map(Proof.init)
    }
  }

  private struct Request: Encodable {
    var system: String
    var features: [String]
    var preferLocalBuild: Bool
    var rebuild: Bool

    init(_ request: RouteRequest) {
      system = request.system
      features = request.features
      preferLocalBuild = request.preferLocalBuild
      rebuild = request.isRebuild
    }
  }

  private struct Machine: Encodable {
    var name: String?
    var url: String?
    var local: Bool
    var outcome: String
    var rules: [String]
    var jobsInUse: Int?
    var maxJobs: Int
    var sentence: String

    init(_ verdict: RouteVerdict, _ situation: RouteSituation) {
      local = verdict.machine == .local
      if case .builder(let index) = verdict.machine {
        name = verdict.name
        url = situation.builders[index].url
      }
      switch verdict.outcome {
      case .takes: (outcome, rules) = ("takes", [])
      case .waits: (outcome, rules) = ("waits", [])
      case .next: (outcome, rules) = ("next", [])
      case .ruledOut(let reasons): (outcome, rules) = ("ruled-out", reasons.map(\.id))
      }
      jobsInUse = verdict.jobsInUse
      maxJobs = verdict.maxJobs
      sentence = verdict.sentence
    }
  }

  private struct Proof: Encodable {
    var agrees: Bool
    var built: Bool
    var place: String
    var url: String?
    var unreachable: [String]
    var command: String
    var sentence: String
    var log: String?

    init(_ proof: RouteProof) {
      agrees = proof.agrees
      built = proof.built
      switch proof.place {
      case .local: place = "local"
      case .builder(let url): (place, self.url) = ("builder", url)
      case .nowhere: place = "nowhere"
      case .unknown: place = "unknown"
      case .waiting: place = "waiting"
      }
      unreachable = proof.unreachable
      command = proof.command
      sentence = proof.sentence
      log = proof.agrees && proof.built ? nil : proof.log
    }
  }
}

extension RouteVerdict {
  fileprivate var sign: String {
    switch outcome {
    case .takes: "✓"
    case .waits: "○"
    case .next: "·"
    case .ruledOut: "–"
    }
  }
}
