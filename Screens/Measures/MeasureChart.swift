import Builders
import Checks
import Features
import Interface
import Terminal

/// What was measured of a builder as a picture: a bar for each figure, with number and unit.
public struct MeasureChart {
  /// One line of the picture.
  private struct Figure {
    var title: String
    var mark: Mark?
    /// How long the bar is; `nil` for none.
    var share: Double?
    var value = ""
    /// What is said beside the value where there is room.
    var detail = ""
    /// Why there is no value.
    var reason: String?
  }

  private let measures: Measures
  private let builder: Builder
  private let running: Measure?
  private let isOver: Bool

  /// Creates a picture.
  ///
  /// - Parameters:
  ///   - builder: with what is set for it.
  ///   - running: what is being measured now.
  ///   - isOver: whether nothing more is to come.
  public init(
    _ measures: Measures, of builder: Builder, running: Measure? = nil, isOver: Bool = true
  ) {
    self.measures = measures
    self.builder = builder
    self.running = running
    self.isOver = isOver
  }

  /// What a full bar is, where it is not the greater one of a pair.
  public static let legend =
    "A full bar: 100 ms, 125 MB/s (a line of 1 Gbit/s), 10 s; the greater one of a pair."

  /// The picture as text.
  public func text(columns: Int) -> [String] {
    lines(columns: columns, frame: 0).map { line in
      var text = line.spans.map(\.text).joined()
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  // MARK: - Figures

  private var figures: [Figure] {
    Measure.allCases.flatMap { measure -> [Figure] in
      var figure = Figure(title: measure.title)
      let setting = setting(beside: measure).map { [$0] } ?? []
      guard measures.has(measure) else {
        figure.mark = mark(of: measure)
        figure.reason =
          measures.missing[measure]
          ?? (measure == running ? "being measured" : isOver ? "not measured" : "")
        return [figure] + setting
      }
      fill(&figure, with: measure)
      return [figure] + setting
    }
  }

  private func mark(of measure: Measure) -> Mark {
    if measure == running { return .running }
    return isOver || measures.missing[measure] != nil ? .skipped : .waiting
  }

  private func fill(_ figure: inout Figure, with measure: Measure) {
    switch measure {
    case .roundTrip:
      let time = measures.roundTrip ?? 0
      figure.share = time / 0.1
      figure.value = "\(decimal(time * 1000)) ms"
    case .copy:
      guard let copy = measures.copy else { return }
      figure.share = copy.rate / 125e6
      figure.value = "\(decimal(copy.rate / 1e6)) MB/s"
      figure.detail = "\(decimal(Double(copy.bytes) / 1e6)) MB in \(decimal(copy.seconds)) s"
    case .emptyBuild:
      let time = measures.emptyBuild ?? 0
      figure.share = time / 10
      figure.value = "\(decimal(time)) s"
      figure.detail = "that does nothing"
    case .processors:
      let count = measures.processors ?? 0
      figure.share = share(Double(count), of: Double(builder.maxJobs))
      figure.value = "\(count)"
    case .speed:
      let speed = measures.speed ?? 0
      figure.share = share(speed, of: builder.speedFactor)
      figure.value = "\(decimal(speed)) ×"
      figure.detail = "this machine's"
    case .disk:
      guard let disk = measures.disk else { return }
      let used = disk.total - disk.free
      figure.share = disk.total > 0 ? Double(used) / Double(disk.total) : 0
      figure.value = "\(gigabytes(disk.free)) GB free"
      figure.detail = "of \(gigabytes(disk.total)) GB"
    }
  }

  /// What is set where the measure speaks of the same.
  private func setting(beside measure: Measure) -> Figure? {
    switch measure {
    case .processors:
      Figure(
        title: "max jobs",
        share: measures.processors.map { share(Double(builder.maxJobs), of: Double($0)) },
        value: "\(builder.maxJobs)", detail: "builds at once")
    case .speed:
      Figure(
        title: "speed factor", share: measures.speed.map { share(builder.speedFactor, of: $0) },
        value: builder.speedText)
    case .roundTrip, .copy, .emptyBuild, .disk: nil
    }
  }

  private func share(_ one: Double, of other: Double) -> Double {
    max(one, other) > 0 ? one / max(one, other) : 0
  }

  private func gigabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1e9) }

  /// With two decimals below one, one below a hundred.
  private func decimal(_ number: Double) -> String {
    let places = number < 0.995 ? 100.0 : number < 99.95 ? 10.0 : 1.0
    let scaled = Int((number * places).rounded())
    if scaled == 0 { return "0" }
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(places))
    if places == 1 { return "\(whole)" }
    return "\(whole)." + (places == 100 && rest < 10 ? "0" : "") + "\(rest)"
  }

  // MARK: - Layout

  private static let gap = "  "
  private static let longestBar = 60
  private static let shortestBar = 4
  /// Room for what is usual, so that bars do not change while figures come in.
  private static let usualValue = 10
  private static let usualText = 28

  /// The picture for so many columns; reasons take more lines where they need them.
  func lines(columns: Int, frame: Int) -> [Document.Line] {
    let figures = figures
    let title = figures.map { TextWidth.columns(of: $0.title) }.max() ?? 0
    let room = columns - 2 - title - Self.gap.count
    let withDetails = columns >= 64
    let usual = withDetails ? Self.usualText : Self.usualValue
    let value = max(usual, figures.map { columnsOfText($0, withDetails) }.max() ?? 0)
    let bar = min(Self.longestBar, room - Self.gap.count - value)
    return figures.flatMap { figure -> [Document.Line] in
      let sign = figure.mark.map { $0.sign(frame: frame) } ?? " "
      let start = [
        Document.Span("\(sign) ", figure.mark?.style ?? Theme.plain),
        Document.Span(padded(figure.title, to: title) + Self.gap),
      ]
      if let reason = figure.reason {
        let indent = String(repeating: " ", count: 2 + title + Self.gap.count)
        return TextWidth.wrapped(reason, to: max(8, room)).enumerated().map { index, text in
          Document.Line(
            spans: (index == 0 ? start : [.init(indent)]) + [.init(text, Theme.muted)])
        }
      }
      return [Document.Line(spans: start + spans(figure, bar: bar, withDetails))]
    }
  }

  private func spans(_ figure: Figure, bar: Int, _ withDetails: Bool) -> [Document.Span] {
    var spans: [Document.Span] = []
    if bar >= Self.shortestBar {
      let picture = figure.share.map { Bar($0, columns: bar) }
      spans += [
        .init(picture?.filled ?? String(repeating: " ", count: bar), Theme.accent),
        .init(picture?.rest ?? "", Theme.muted), .init(Self.gap),
      ]
    }
    spans.append(.init(figure.value))
    if withDetails, !figure.detail.isEmpty {
      spans += [.init(Self.gap), .init(figure.detail, Theme.muted)]
    }
    return spans
  }

  private func columnsOfText(_ figure: Figure, _ withDetails: Bool) -> Int {
    if figure.reason != nil { return 0 }
    let detail =
      withDetails && !figure.detail.isEmpty
      ? Self.gap.count + TextWidth.columns(of: figure.detail) : 0
    return TextWidth.columns(of: figure.value) + detail
  }

  private func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - TextWidth.columns(of: text)))
  }
}

extension Measure {
  /// What people call it.
  public var title: String {
    switch self {
    case .roundTrip: "round trip"
    case .copy: "copying"
    case .emptyBuild: "empty build"
    case .processors: "processors"
    case .speed: "speed"
    case .disk: "disk used"
    }
  }
}

extension Advice {
  /// What it rests on, and what follows from that.
  public var reason: String {
    "\(measures.map(\.title).joined(separator: " and ")): \(text)"
  }
}

extension Measures {
  /// That the builder keeps something of the measuring; `nil` when it does not.
  public func leftoverText(of builder: Builder) -> String? {
    leftover.map { "Until its garbage is collected \(builder.alias) keeps \($0)" }
  }
}
