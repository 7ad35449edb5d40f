import Builders
import Checks
import Interface
import Terminal

/// Screen 14: what is proven, what is not, what to type next.
struct SummaryScreen: Screen {
  func bindings(_ session: Session) -> [KeyBinding] {
    [
      KeyBinding("Enter", "builder list"), KeyBinding("y", "copy the command"),
      KeyBinding("q", "quit"), KeyBinding("Esc", "back"), KeyBinding("?", "help"),
    ]
  }

  func help(_ session: Session) -> String {
    "Proven is what was seen working in this session, on the machine it is about."
  }

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    switch input {
    case .key(.enter): .move(.home)
    case .key(.escape): .move(.back)
    case .key(.character("q")): .effects([.quit])
    case .key(.character("y")): .effects([.copy(Summary(session).command)])
    default: .ignored
    }
  }

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    let summary = Summary(session)
    let rest = drawHeading(summary.heading, on: &canvas, in: area.inset(columns: 2))
    summary.lines.wrapped(to: rest.columns).draw(on: &canvas, in: rest)
  }
}

/// What a session has proven of a builder.
struct Summary {
  private let builder: Builder
  private let results: Results
  private let machine: LocalMachine?
  private let remoteVersion: String?
  private let directory: String

  init(_ session: Session) {
    builder = session.draft.builder
    results = session.results
    machine = session.machine
    remoteVersion = session.capabilities?.nixVersion
    directory = session.directory
  }

  private var claims: [CheckName] {
    BuilderTest(builder: builder, source: .written).names(.builds)
  }

  private var isProven: Bool { results.allPassed(claims, for: builder) }

  var heading: String {
    if isProven { return "\(builder.alias) builds for this machine." }
    return claims.contains { results[$0]?.outcome == .passed }
      ? "\(builder.alias) builds for this machine, but not all that it claims."
      : "\(builder.alias) is set up, but was not seen building yet."
  }

  /// What to type to see it work.
  var command: String { "nix build nixpkgs#hello --max-jobs 0 -L" }

  var lines: [StyledLine] {
    let proven = claims.filter { results[$0]?.outcome == .passed }
    let open = claims.filter { results[$0]?.outcome != .passed }
    var lines: [StyledLine] = []
    func add(_ title: String, _ text: String, _ style: Style = Theme.plain) {
      let padding = String(repeating: " ", count: max(1, 21 - title.count))
      lines.append(StyledLine(title + padding + text, style, hang: 21))
    }
    if !proven.isEmpty {
      add("proven just now", "✓ " + proven.map(name).joined(separator: ", "), Theme.success)
    }
    for claim in open {
      let result = results[claim]
      let reason = result?.diagnosis?.cause ?? result?.detail ?? "not tried"
      add("not proven", "\(result?.outcome == .failed ? "✗" : "○") \(name(claim)): \(reason)")
    }
    if results[.package]?.outcome == .passed {
      add("a real package", "✓ built by \(builder.alias)", Theme.success)
    }
    add("configuration", configuration)
    lines.append(StyledLine(""))
    add("Try it", command)
    add("Open again", "nix-builders")
    add("Written", directory)
    return lines
  }

  private func name(_ claim: CheckName) -> String { claim.title(for: builder) }

  private var configuration: String {
    let source = claims.lazy.compactMap { results.source(of: $0) }.first
    let versions: [String?] = [
      source?.words, machine?.nixVersion.map { "Nix \($0) here" },
      remoteVersion.map { "\($0) there" },
      builder.storeProtocol.rawValue,
      results[.trusted].map { $0.outcome == .passed ? "trusted" : "not trusted" },
    ]
    return versions.compactMap(\.self).joined(separator: " · ")
  }
}
