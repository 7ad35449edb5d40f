import Checks
import Interface
import Terminal

extension CheckRun {
  /// How a run stands as a whole.
  enum Standing: CaseIterable, Equatable {
    /// It waits for its turn.
    case waiting
    /// It is on its way.
    case running
    /// Everything was seen working.
    case passed
    /// Something was seen failing.
    case failed
    /// Something had not ended after the time that it was given.
    case gaveUp
    /// Not everything was tried, since somebody stopped it or something is missing here.
    case incomplete
  }

  /// How it stands as a whole.
  var standing: Standing {
    if isRunning { return hasBegun ? .running : .waiting }
    if let trouble { return trouble.gaveUpAfter == nil ? .failed : .gaveUp }
    return allPassed ? .passed : .incomplete
  }

  /// The sign of the whole.
  var mark: Mark {
    switch standing {
    case .waiting: .waiting
    case .running: .running
    case .passed: .passed
    case .failed, .gaveUp: trouble.map { Mark($0.outcome) } ?? .failed
    case .incomplete: .skipped
    }
  }

  /// The check that says why it did not go well: the first that failed, or that could not be tried
  /// for a known reason.
  var concern: CheckResult? {
    trouble
      ?? names.lazy.compactMap { results[$0] }.first {
        $0.outcome == .skipped && $0.diagnosis != nil
      }
  }

  /// How it stands, in a few words.
  var summary: String {
    switch standing {
    case .waiting: return "waits for its turn"
    case .running:
      let title = runningCheck?.title(for: builder) ?? "…"
      return "\(title) · \(passedCount) of \(names.count) passed"
    case .passed: return "\(names.count) of \(names.count) passed"
    case .failed, .gaveUp:
      return trouble.map { "\($0.name.title(for: builder)): \($0.detail)" } ?? ""
    case .incomplete:
      let first = names.lazy.compactMap { results[$0] }.first { $0.outcome == .skipped }
      return "\(first?.detail ?? "cancelled") · \(passedCount) of \(names.count) passed"
    }
  }

  /// What checks that passed have seen beside, such as a clock that is off, and what to do about it.
  var warnings: [StyledLine] {
    names.compactMap { results[$0] }.filter { $0.outcome == .passed }.compactMap(\.diagnosis)
      .flatMap { diagnosis in
        [
          StyledLine("! \(diagnosis.cause)", Theme.warning, hang: 2),
          StyledLine("  \(diagnosis.remedy)", Theme.plain, hang: 2),
        ]
      }
  }

  /// Why it did not go well, and what to do; `nil` when it went well or is not over.
  var explanation: [StyledLine]? { explanation(naming: false) }

  /// The same, also telling which builder it is about.
  func explanation(naming: Bool) -> [StyledLine]? {
    guard !isRunning, !allPassed else { return nil }
    guard let concern else {
      let about = naming ? "\(builder.alias): not" : "Not"
      return [StyledLine("– \(about) everything was tried.", Theme.warning)]
    }
    let title = (naming ? "\(builder.alias), " : "") + concern.name.title(for: builder)
    let mark = Mark(concern.outcome)
    return [StyledLine("\(mark.sign(frame: 0)) \(title): \(concern.detail)", mark.style, hang: 2)]
      + (concern.diagnosis?.lines
        ?? [StyledLine("The cause is not known. The log has all that was printed.", Theme.muted)])
  }
}
