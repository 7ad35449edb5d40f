import Builders
import Checks
import Features
import Fragments

@testable import Screens

// Answers to the questions that were asked last, each with its ticket.
extension Driver {
  /// The tickets of the questions of a kind, in order.
  func tickets(_ ticket: (Effect) -> Ticket?) -> [Ticket] { asked.compactMap(ticket) }

  /// The tickets of the plans that were asked for.
  var plans: [Ticket] {
    tickets { if case .plan(let ticket, _) = $0 { ticket } else { nil } }
  }

  /// The tickets of the looks at keys that were asked for.
  var inspections: [Ticket] {
    tickets { if case .inspectKey(let ticket, _) = $0 { ticket } else { nil } }
  }

  /// The tickets of the imports that were asked for.
  var imports: [Ticket] {
    tickets { if case .readImport(let ticket, _, _) = $0 { ticket } else { nil } }
  }

  /// The tickets of the looks at files and machine that were asked for.
  var surveys: [Ticket] {
    tickets { if case .survey(let ticket, _, _) = $0 { ticket } else { nil } }
  }

  mutating func answer(planned result: Result<[PlannedFile], OutputError>) {
    if let ticket = plans.last { tell(.planned(ticket, result)) }
  }

  mutating func answer(key state: KeyPair.State) {
    if let ticket = inspections.last { tell(.key(ticket, state)) }
  }

  mutating func answer(keyCreated result: Result<String, KeyPairError>) {
    let tickets = tickets { if case .createKey(let ticket, _, _) = $0 { ticket } else { nil } }
    if let ticket = tickets.last { tell(.keyCreated(ticket, result)) }
  }

  mutating func answer(imported result: ImportResult) {
    if let ticket = imports.last { tell(.imported(ticket, result)) }
  }

  mutating func answer(surveyed result: Result<Drift, OutputError>) {
    if let ticket = surveys.last { tell(.surveyed(ticket, result)) }
  }

  /// Answers the writing that was asked for last.
  mutating func answer(written result: Result<[String], OutputError>) {
    for effect in asked.reversed() {
      if case .write(let ticket, let inventory, _, _) = effect {
        return tell(.written(ticket, result, inventory))
      }
    }
  }

  /// From the review to what comes after it: one file has news, Enter writes it, and these files are
  /// written.
  mutating func write(_ names: [String] = ["local.nix"]) {
    let fragment = Fragment(fileName: "local.nix", text: "new\n")
    let plan = OutputDirectory.Plan(fragment: fragment, standing: .outdated, present: "old\n")
    answer(planned: .success([PlannedFile(plan: plan, problem: nil)]))
    press(.enter)
    answer(written: .success(names))
  }
}
