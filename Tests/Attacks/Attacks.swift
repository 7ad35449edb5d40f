import Glibc

/// Repeats the campaigns of somebody who wants the program to lose data, to hang, to crash, or to
/// hand on what it was given.
@main
enum Attacks {
  static func main() {
    var options = Options()
    do {
      options = try Options(CommandLine.arguments.dropFirst())
    } catch {
      print("\(error)")
      exit(64)
    }
    if let folder = options.seedFolder { return Parsers.writeSeeds(to: folder) }
    if let parsers = options.parsers {
      return Parsers.run(seed: parsers.seed, count: parsers.count)
    }
    let began = time(nil)
    var totals: [(name: String, tally: Tally)] = options.campaigns.map { ($0.name, Tally()) }
    var seed = options.seed
    repeat {
      for (index, campaign) in options.campaigns.enumerated() {
        var tally = Tally()
        var generator = Generator(seed: seed)
        campaign.run(&tally, &generator, options.isShort)
        totals[index].tally += tally
      }
      seed += 1
    } while time(nil) - began < options.seconds
    print("\ncampaign   attempts  failures")
    for (name, tally) in totals {
      print("\(padded(name, 9))  \(padded("\(tally.attempts)", 8))  \(tally.failures.count)")
    }
    let memory = totals.map(\.tally.memory).max() ?? 0
    print("seeds \(options.seed) to \(seed - 1), \(time(nil) - began) s, at most \(memory) MB")
    exit(totals.allSatisfy { $0.tally.failures.isEmpty } ? 0 : 1)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// What is to be tried.
struct Options {
  var seed: UInt64 = 1
  var isShort = false
  var seconds = 0
  var campaigns: [any Campaign.Type] = Self.all
  /// Where the examples of the readers of texts go, as inputs of `Tests/Attacks/fuzz`.
  var seedFolder: String?
  /// What a child of ``Parsers`` is to do.
  var parsers: ParserRun?

  static var all: [any Campaign.Type] {
    [Kills.self, Faults.self, Values.self, Servers.self, Files.self, Parsers.self]
  }

  init() {}

  init(_ arguments: ArraySlice<String>) throws {
    self.init()
    var rest = arguments
    var named: [any Campaign.Type] = []
    while let word = rest.popFirst() {
      switch word {
      case "--seed": seed = UInt64(try Self.number(after: word, in: &rest))
      case "--hours": seconds = try Self.number(after: word, in: &rest) * 3600
      case "--short": isShort = true
      case "--seeds": seedFolder = rest.popFirst()
      case "--parsers":
        let seed = try Self.number(after: word, in: &rest)
        let count = try Self.number(after: word, in: &rest)
        parsers = ParserRun(seed: UInt64(seed), count: count)
      default:
        guard let campaign = Self.all.first(where: { $0.name == word }) else {
          let names = Self.all.map { $0.name }.joined(separator: ", ")
          throw Usage(
            "\(word): expected --seed N, --hours N, --short, or some of \(names)")
        }
        named.append(campaign)
      }
    }
    if !named.isEmpty { campaigns = named }
  }

  private static func number(after option: String, in rest: inout ArraySlice<String>) throws -> Int
  {
    guard let text = rest.popFirst(), let number = Int(text), number >= 0 else {
      throw Usage("\(option): a number was expected.")
    }
    return number
  }
}

/// A part of ``Parsers``, in a process of its own.
struct ParserRun {
  var seed: UInt64
  var count: Int
}

/// What is wrong with the options.
struct Usage: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
