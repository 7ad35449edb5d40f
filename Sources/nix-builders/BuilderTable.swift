import Base
import Builders
import StateFiles

extension [Builder] {
  /// The builders as a table, one line each below the header.
  var table: [String] { aligned([Self.header] + map(\.columns)) }

  /// The same with the last test of each.
  func table(_ tests: TestHistory, at now: Moment) -> [String] {
    aligned(
      [Self.header + ["LAST TEST"]]
        + map { $0.columns + [tests.last($0.alias)?.text(about: $0, at: now) ?? "-"] })
  }

  private static var header: [String] {
    ["ALIAS", "WHERE", "SYSTEMS", "JOBS", "SPEED", "FEATURES", "STATE"]
  }
}

extension TestRecord {
  /// How it came out, and when.
  fileprivate func text(about builder: Builder, at now: Moment) -> String {
    if !isAbout(builder) { return "out of date" }
    return (check.map { "\($0) failed " } ?? "passed ") + at.age(at: now)
  }
}

/// The rows in columns, two blanks apart.
private func aligned(_ rows: [[String]]) -> [String] {
  let widths = rows[0].indices.map { column in
    rows.map { $0[column].unicodeScalars.count }.max() ?? 0
  }
  return rows.map { row in
    zip(row, widths).map { text, width in
      text + String(repeating: " ", count: width - text.unicodeScalars.count)
    }.joined(separator: "  ").trimmingSuffix { $0 == " " }
  }
}

extension Builder {
  fileprivate var columns: [String] {
    [
      alias, place, systems.joined(separator: ","), "\(maxJobs)", speedText, featuresText,
      enabled ? "on" : "off",
    ]
  }

  fileprivate var featuresText: String {
    let features = supportedFeatures + mandatoryFeatures.map { "\($0)!" }
    return features.isEmpty ? "-" : features.joined(separator: ",")
  }
}
