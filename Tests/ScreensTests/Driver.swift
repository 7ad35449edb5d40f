import Builders
import Checks
import Fragments
import Interface
import Processes
import StateFiles
import Terminal

@testable import Screens

/// Drives the real state machine as a person and the world would: keys go in, effects are
/// collected, messages are given, and the screen is what would be shown.
struct Driver {
  var wizard: Wizard
  /// The effects that were asked for since they were last looked at.
  var effects: [Effect] = [] {
    didSet { if effects.count > oldValue.count { asked += effects[oldValue.count...] } }
  }
  /// All effects that were ever asked for.
  private(set) var asked: [Effect] = []
  var size: Size
  private var now = 0.0

  init(
    inventory: Inventory? = nil, size: Size = Size(columns: 80, rows: 24), isPractice: Bool = false,
    suggestion: Builder? = nil, person: InvokingPerson = .root, keepsPracticeFiles: Bool = false,
    ownCommand: OwnCommand = OwnCommand(), kept: KeptChanges? = nil,
    otherWindow: WindowOwner? = nil
  ) {
    self.size = size
    let session = Session(
      directory: "/etc/nixos/nix-builders", inventory: inventory, isPractice: isPractice,
      suggestion: suggestion, person: person, keepsPracticeFiles: keepsPracticeFiles,
      ownCommand: ownCommand, kept: kept, otherWindow: otherWindow,
      keepsAnswers: otherWindow == nil)
    wizard = Wizard(session)
    effects = wizard.receive(.resize(size), now: 0)
    asked = effects
  }

  mutating func press(_ keys: Key...) {
    for key in keys { effects += wizard.receive(.key(key), now: now) }
  }

  mutating func type(_ text: String) {
    for character in text { effects += wizard.receive(.key(.character(character)), now: now) }
  }

  mutating func tell(_ messages: Message...) {
    for message in messages {
      now += 0.1
      effects += wizard.receive(message, now: now)
    }
  }

  mutating func resize(_ columns: Int, _ rows: Int) {
    size = Size(columns: columns, rows: rows)
    effects += wizard.receive(.resize(size), now: now)
  }

  /// Ends the run that was asked for last with these results.
  mutating func finish(_ results: [CheckResult], by source: BuilderTest.Source = .written) {
    guard let run = lastRun else { return }
    tell(.source(run: run, source))
    for result in results {
      tell(.check(run: run, .started(result.name)), .check(run: run, .finished(result)))
    }
    tell(.ended(run: run))
  }

  /// The number of the run that was asked for last.
  var lastRun: Int? {
    effects.reversed().lazy.compactMap { effect in
      if case .runChecks(let run, _, _, _) = effect { run } else { nil }
    }.first
  }

  var canvas: Canvas {
    var canvas = Canvas(size: size)
    wizard.draw(on: &canvas)
    return canvas
  }

  /// The screen as text.
  var screen: String { canvas.text }

  /// The same, with each run of more than two empty rows told as its number: `⋮ 12`.
  var picture: String {
    var rows: [String] = []
    var empty = 0
    for row in screen.split(separator: "\n", omittingEmptySubsequences: false) {
      if row.isEmpty {
        empty += 1
        continue
      }
      rows += empty > 2 ? ["⋮ \(empty)"] : Array(repeating: "", count: empty)
      rows.append(String(row))
      empty = 0
    }
    return rows.joined(separator: "\n")
  }
}

extension InvokingPerson {
  /// Root, without sudo.
  static let root = InvokingPerson(name: "root", userID: 0, groupID: 0, home: "/root")
  /// Somebody who has used sudo.
  static let lars = InvokingPerson(name: "lars", userID: 1000, groupID: 100, home: "/home/lars")
}

extension LocalMachine {
  /// A machine that has all that is needed.
  static let ready = LocalMachine(
    nixVersion: "2.34.8", sshVersion: "10.6", hostName: "laptop", system: "x86_64-linux")
}

extension CheckResult {
  static func passed(
    _ name: CheckName, _ detail: String = "", finding: Finding? = nil
  ) -> CheckResult {
    CheckResult(name: name, outcome: .passed, seconds: 0.02, detail: detail, finding: finding)
  }
}

/// A host key and its fingerprint.
enum SampleKey {
  static let line =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0M8cPWlaLyjqxz5k1VZH0vH1mQ0W8yWQfL4uPZq1aB"
  static let fingerprint = "SHA256:a0ugvscwo36Il/epvVnYQrhzXA0721EVQ1I92S4JuGo"
  static let publicLine =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPubPubPubPubPubPubPubPubPubPub root@laptop"

  static func offered(_ standing: OfferedHostKey.Standing) -> CheckResult {
    CheckResult(
      name: .hostKey, outcome: .undecided, seconds: 0.11, detail: "ED25519 \(fingerprint)",
      finding: .hostKey(
        OfferedHostKey(line: line, fingerprint: fingerprint, standing: standing)))
  }
}
