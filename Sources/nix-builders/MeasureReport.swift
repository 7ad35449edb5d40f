import Checks

/// What was measured of a builder, and what that suggests.
struct MeasureReport: Sendable {
  var maxJobs: Int
  var measures: Measures
  var advice: [Advice]

  // MARK: - Text

  var text: [String] {
    var lines = Measure.allCases.map { measure in
      "  · \(padded(measure.name, 22))\(value(of: measure))"
    }
    for advice in advice {
      lines += ["      Advice  \(advice.text)", "      Set     \(advice.setting)"]
    }
    return lines
  }

  private func value(of measure: Measure) -> String {
    if let reason = measures.missing[measure] { return "not measured: \(reason)" }
    let value: String? =
      switch measure {
      case .roundTrip: measures.roundTrip.map { "\(decimal($0 * 1000)) ms" }
      case .copy: measures.copy.map(text)
      case .emptyBuild: measures.emptyBuild.map { "\(decimal($0)) s" }
      case .processors: measures.processors.map { "\($0), for \(maxJobs) builds at once" }
      case .speed: measures.speed.map { "\(decimal($0)) × this machine's" }
      case .disk:
        measures.disk.map {
          "\(decimal(Double($0.free) / 1e9)) GB of \(decimal(Double($0.total) / 1e9)) GB free"
        }
      }
    return value ?? "not measured"
  }

  private func text(_ copy: Measures.Copy) -> String {
    let amount = "\(decimal(Double(copy.bytes) / 1e6)) MB in \(decimal(copy.seconds)) s"
    return "\(decimal(copy.rate / 1e6)) MB/s (\(amount))"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// With two decimals below one, one below a hundred.
  private func decimal(_ number: Double) -> String {
    let places = number < 1 ? 100.0 : number < 100 ? 10.0 : 1.0
    let scaled = Int((number * places).rounded())
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(places))
    if places == 1 { return "\(whole)" }
    return "\(whole)." + (places == 100 && rest < 10 ? "0" : "") + "\(rest)"
  }
}

extension Measure {
  /// What `test` calls it.
  var name: String {
    switch self {
    case .roundTrip: "round trip"
    case .copy: "copying"
    case .emptyBuild: "empty build"
    case .processors: "processors"
    case .speed: "speed"
    case .disk: "disk"
    }
  }
}

// MARK: - JSON

extension MeasureReport: Encodable {
  private enum Keys: String, CodingKey {
    case roundTripSeconds, copiedBytes, copySeconds, emptyBuildSeconds, processors, speed
    case freeBytes, totalBytes, missing, advice
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
    try container.encode(
      advice.map {
        AdviceEntry(
          id: $0.id, measures: $0.measures.map(\.rawValue), text: $0.text, setting: $0.setting)
      }, forKey: .advice)
  }
}
