import Glibc

/// Attempts of one kind.
protocol Campaign {
  static var name: String { get }
  /// Makes the attempts of one seed; `isShort` asks for a few seconds' worth.
  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool)
}

/// How many attempts there were, and what fell through.
struct Tally {
  private(set) var attempts = 0
  private(set) var failures: [String] = []
  /// The most memory that one process took, in MB.
  private(set) var memory = 0

  /// More than this is a failure.
  static let memoryLimit = 128

  /// Counts an attempt, and looks that the program neither crashed nor hung, and kept within its
  /// memory.
  mutating func count(_ result: Attempt.Result, _ what: @autoclosure () -> String) {
    attempts += 1
    memory = max(memory, result.memory)
    switch result.ending {
    case .exited: break
    case .signalled(let signal): fail("\(what()): ended by signal \(signal)\n\(result.error)")
    case .timedOut: fail("\(what()): did not end")
    }
    if result.memory > Self.memoryLimit { fail("\(what()): took \(result.memory) MB") }
  }

  /// Counts an attempt of which nothing is known but that it was made.
  mutating func count() { attempts += 1 }

  mutating func fail(_ what: String) {
    failures.append(what)
    print("FAILED \(what)")
    fflush(nil)
  }

  static func += (total: inout Tally, more: Tally) {
    total.attempts += more.attempts
    total.failures += more.failures
    total.memory = max(total.memory, more.memory)
  }
}

/// SplitMix64: the same seed gives the same attempts.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
