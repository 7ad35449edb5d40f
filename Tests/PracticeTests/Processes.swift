import FoundationEssentials
import Glibc
import Practice
import TestSupport

/// A process, told from a later one with the same id.
struct RunningProcess: Equatable {
  var id: pid_t
  /// When it began, in the kernel's ticks.
  private var start: String

  /// A process that runs now; one that has ended, and that nobody has taken note of yet, is none.
  init?(_ id: pid_t) {
    guard !isZombie(id),
      let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let name = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[name...].split(separator: " ")
    guard fields.count > 20 else { return nil }
    self.id = id
    start = String(fields[20])
  }

  /// Whether it still runs.
  var isAlive: Bool { RunningProcess(id) == self }

  /// The namespace that it lives in, such as `pid:[4026532280]`.
  func namespace(_ kind: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/ns/\(kind)")
  }

  /// All that live in any of some namespaces.
  static func all(in namespaces: [String]) -> [RunningProcess] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.compactMap { RunningProcess($0) }.filter { process in
      ["pid", "net", "mnt"].contains { kind in
        process.namespace(kind).map(namespaces.contains) ?? false
      }
    }
  }

  /// All on some machines.
  static func all(on machines: Machine?...) -> [RunningProcess] {
    all(
      in: machines.compactMap { $0.flatMap { RunningProcess($0.pid) } }.flatMap { process in
        ["pid", "net", "mnt"].compactMap { process.namespace($0) }
      })
  }
}

extension [RunningProcess] {
  /// Whether none of them runs any more before long.
  func areGone() async -> Bool {
    for _ in 0..<500 {
      if allSatisfy({ !$0.isAlive }) { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}
