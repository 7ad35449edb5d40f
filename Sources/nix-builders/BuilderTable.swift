import Builders

extension [Builder] {
  /// The builders as a table, one line each below the header.
  var table: [String] {
    let header = ["ALIAS", "WHERE", "SYSTEMS", "JOBS", "SPEED", "FEATURES", "STATE"]
    let rows = map { builder in
      [
        builder.alias, builder.place, builder.systems.joined(separator: ","),
        "\(builder.maxJobs)", builder.speedText, builder.featuresText,
        builder.enabled ? "on" : "off",
      ]
    }
    return aligned([header] + rows)
  }
}

/// The rows in columns, two blanks apart.
private func aligned(_ rows: [[String]]) -> [String] {
  let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    zip(row, widths).map { text, width in
      text + String(repeating: " ", count: width - text.count)
    }.joined(separator: "  ").trimmingBlanks()
  }
}

extension String {
  fileprivate func trimmingBlanks() -> String {
    var rest = self[...]
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}

extension Builder {
  fileprivate var featuresText: String {
    let features = supportedFeatures + mandatoryFeatures.map { "\($0)!" }
    return features.isEmpty ? "-" : features.joined(separator: ",")
  }
}
