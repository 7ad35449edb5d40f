import Builders
import Checks
import Features
import Screens
import Terminal

/// What was measured of a builder, and what that suggests.
struct MeasureReport: Sendable {
  var builder: Builder
  var measures: Measures
  var advice: [Advice]

  /// The picture and the advice, as wide as the terminal.
  var text: [String] {
    var lines = MeasureChart(measures, of: builder).text(columns: LineOutput.columns - 2)
    lines += advice.flatMap { ["○ \($0.reason)", "  Set  \($0.setting)"] }
    if let leftover = measures.leftoverText(of: builder) { lines.append("○ \(leftover)") }
    return lines.map { LineOutput.shown("  \($0)") }
  }
}

// MARK: - JSON

extension MeasureReport: Encodable {
  private enum Keys: String, CodingKey {
    case roundTripSeconds, copiedBytes, copySeconds, emptyBuildSeconds, processors, speed
    case freeBytes, totalBytes, missing, leftover, advice
  }

  private struct AdviceEntry: Encodable {
    var id: String
    var measures: [String]
    var text: String
    var setting: String
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(measures.roundTrip, forKey: .roundTripSeconds)
    try container.encode(measures.copy?.bytes, forKey: .copiedBytes)
    try container.encode(measures.copy?.seconds, forKey: .copySeconds)
    try container.encode(measures.emptyBuild, forKey: .emptyBuildSeconds)
    try container.encode(measures.processors, forKey: .processors)
    try container.encode(measures.speed, forKey: .speed)
    try container.encode(measures.disk?.free, forKey: .freeBytes)
    try container.encode(measures.disk?.total, forKey: .totalBytes)
    let missing = measures.missing.map { ($0.key.rawValue, $0.value) }
    try container.encode(Dictionary(uniqueKeysWithValues: missing), forKey: .missing)
    try container.encodeIfPresent(measures.leftover, forKey: .leftover)
    try container.encode(
      advice.map {
        AdviceEntry(
          id: $0.id, measures: $0.measures.map(\.rawValue), text: $0.text, setting: $0.setting)
      }, forKey: .advice)
  }
}
