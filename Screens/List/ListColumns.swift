import Builders
import Interface
import StateFiles
import Terminal

/// The columns of the builder list: the outcome first, since that is what one looks for, then what
/// there is room for in the order in which one misses it.
///
/// Their widths follow from all builders and the window: testing, sorting, filtering and scrolling
/// leave them where they are.
enum ListColumns {
  /// The title of the column that says where a builder is.
  static let place = "where"

  /// The columns for these builders.
  static func columns(for builders: [Builder]) -> [Table.Column] {
    func widest(_ text: (Builder) -> String) -> Int {
      builders.reduce(0) { max($0, TextWidth.columns(of: text($1))) }
    }
    return [
      Table.Column("outcome", minimum: 14, priority: 1),
      Table.Column("when", minimum: 6, priority: 2),
      Table.Column("built", minimum: 6, priority: 4),
      Table.Column("alias", minimum: 8, widest: widest(\.alias), priority: 0),
      Table.Column(place, minimum: 14, widest: widest(\.place), priority: 5),
      Table.Column("systems", minimum: 12, widest: widest(\.systemsText), priority: 3),
      Table.Column("jobs", minimum: 4, priority: 6, isNumber: true),
      Table.Column("speed", minimum: 5, priority: 7, isNumber: true),
      Table.Column("features", minimum: 8, widest: widest(\.featuresText), priority: 8),
      Table.Column("how it was tested", minimum: 17, widest: 48, priority: 9),
      Table.Column("key", minimum: 12, widest: widest(\.keyPath), priority: 10),
    ]
  }

  /// What stands in them of a builder.
  static func cells(of builder: Builder, _ last: LastTest) -> [Table.Cell] {
    let style = builder.enabled ? Theme.plain : Theme.muted
    return [
      last.outcomeCell, Table.Cell(last.when, Theme.muted), Table.Cell(last.built, Theme.muted),
      Table.Cell(builder.alias, style), Table.Cell(builder.place, style),
      Table.Cell(builder.systemsText, style), Table.Cell("\(builder.maxJobs)", style),
      Table.Cell(builder.speedText, style), Table.Cell(builder.featuresText, style),
      Table.Cell(last.circumstances, Theme.muted), Table.Cell(builder.keyPath, Theme.muted),
    ]
  }
}

extension Builder {
  /// The systems in few columns: `x86_64 i686 -linux`.
  var systemsText: String {
    let parts = systems.map { $0.split(separator: "-", maxSplits: 1) }
    guard systems.count > 1, let kernel = parts[0].last,
      parts.allSatisfy({ $0.count == 2 && $0[1] == kernel })
    else { return systems.joined(separator: " ") }
    return parts.map { String($0[0]) }.joined(separator: " ") + " -\(kernel)"
  }

  /// The features, those that a build has to ask for with `!`.
  fileprivate var featuresText: String {
    (supportedFeatures + mandatoryFeatures.map { "\($0)!" }).joined(separator: " ")
  }
}
