import Builders
import Checks
import Features
import FoundationEssentials
import Nix
import Screens

/// What `route` has to say.
struct RouteReport: Sendable {
  var answer: RouteAnswer
  var proof: RouteProof?

  /// Whether some machine takes the build and, where that was tried, took it.
  var passed: Bool {
    answer.isTaken && (proof.map { $0.agrees && $0.built } ?? true)
  }

  // MARK: - Text

  var text: String {
    ([answer.request.summary] + answer.lines.map { "  \($0.text)" }).joined(separator: "\n")
  }

  /// What a probe has shown; with Nix's own words where they are needed.
  static func text(of proof: RouteProof) -> String {
    let lines = ["Probe: \(proof.command)", "  \(proof.line.text)"]
    return (lines + proof.words.map { "    | \($0)" }).joined(separator: "\n")
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
      let answer = report.answer
      request = Request(answer.request)
      taken = answer.isTaken
      loadKnown = answer.situation.busySlots != nil
      machines = answer.verdicts.map { Machine($0, answer.situation) }
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
