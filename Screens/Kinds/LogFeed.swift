import Checks
import Interface

/// What happens in a run of checks, on its way into a log: checks that run side by side do not
/// mix their lines.
struct LogFeed {
  /// Where it ends up.
  let store: LogStore
  /// The line that a check has begun to print.
  private var unfinished: [CheckName: [UInt8]] = [:]

  /// Checks that were left out for the same reason are told of in one line.
  private var leftOut: (names: [CheckName], reason: String)?

  private static let bold = "\u{1B}[1m"
  private static let plain = "\u{1B}[0m"

  init(into store: LogStore) { self.store = store }

  mutating func take(_ event: CheckEvent) {
    if case .finished(let result) = event, result.outcome == .skipped {
      flush(result.name)
      if leftOut?.reason != result.detail { tellLeftOut() }
      leftOut = ((leftOut?.names ?? []) + [result.name], result.detail)
      return
    }
    tellLeftOut()
    switch event {
    case .started: break
    case .command(let name, let text):
      flush(name)
      store.append("\(Self.bold)$ \(text)\(Self.plain)\n".utf8)
    case .output(let name, let bytes): append(bytes, of: name)
    case .finished(let result):
      flush(result.name)
      store.append("\(line(for: result))\n".utf8)
    }
  }

  /// The run is over: what was begun is all there is.
  mutating func end() {
    for name in unfinished.keys { flush(name) }
    tellLeftOut()
  }

  private mutating func tellLeftOut() {
    guard let (names, reason) = leftOut else { return }
    leftOut = nil
    let list = names.map(\.description).joined(separator: ", ")
    store.append("\u{1B}[33m– \(list): \(reason)\(Self.plain)\n".utf8)
  }

  private mutating func append(_ bytes: [UInt8], of name: CheckName) {
    guard let end = bytes.lastIndex(of: 0x0A) else {
      unfinished[name, default: []] += bytes
      return
    }
    if let begun = unfinished.removeValue(forKey: name) { store.append(begun) }
    store.append(bytes[...end])
    if end + 1 < bytes.endIndex { unfinished[name] = Array(bytes[(end + 1)...]) }
  }

  private mutating func flush(_ name: CheckName) {
    guard let bytes = unfinished.removeValue(forKey: name) else { return }
    store.append(bytes + [0x0A])
  }

  private func line(for result: CheckResult) -> String {
    let colour =
      switch result.outcome {
      case .passed: "\u{1B}[32m"
      case .failed: "\u{1B}[31m"
      case .notYet, .undecided, .skipped: "\u{1B}[33m"
      }
    let sign = Mark(result.outcome).sign(frame: 0)
    return "\(colour)\(sign) \(result.name): \(result.detail) in \(result.seconds.seconds)"
      + Self.plain
  }
}

extension Double {
  /// Seconds as they are shown: `0.04 s`, `12.3 s`, `75 s`.
  var seconds: String {
    let digits = self < 10 ? 100.0 : self < 60 ? 10.0 : 1.0
    let scaled = Int((self * digits).rounded())
    let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: Int(digits))
    if digits == 1 { return "\(whole) s" }
    let padding = digits == 100 && fraction < 10 ? "0" : ""
    return "\(whole).\(padding)\(fraction) s"
  }
}
