import Base
import Glibc
import SSH

/// What a port answers when one connects to it (RFC 4253, 4.2: the server sends its identification
/// first, and may send other lines before).
enum Greeting: Equatable, Sendable {
  /// An ssh server with this software, such as `OpenSSH 9.2`.
  case ssh(String)
  /// It hung up without a greeting, as sshd does with an address that it has locked out.
  case turnedAway(String)
  /// Something that is not ssh, and what it said.
  case other(String)
  /// The port is open, but nothing was said in time.
  case silent
  /// The port is closed.
  case refused
  /// Nothing came back in time.
  case noAnswer
  /// The machine does not answer in its network.
  case unreachable
  /// This machine has no route to that address.
  case noRoute
  /// Anything else, in the C library's words.
  case failed(String)

  /// How far the connection went.
  var rank: Int {
    switch self {
    case .ssh: 8
    case .turnedAway: 7
    case .other: 6
    case .silent: 5
    case .refused: 4
    case .noAnswer: 3
    case .unreachable: 2
    case .noRoute: 1
    case .failed: 0
    }
  }

  /// The answer as a line of evidence.
  var text: String {
    switch self {
    case .ssh(let software): software
    case .turnedAway(let words): words.isEmpty ? "hung up without a word" : words
    case .other(let words): "\"\(words)\""
    case .silent: "open, but silent"
    case .refused: "Connection refused"
    case .noAnswer: "no answer"
    case .unreachable: "No route to host"
    case .noRoute: "Network is unreachable"
    case .failed(let reason): reason
    }
  }

  /// Connects and reads the greeting. Ends early when the task is cancelled.
  static func read(from address: String, port: Int, within limit: Duration) async -> Greeting {
    let end = ContinuousClock.now + limit
    guard let socket = Socket(address: address, port: port) else { return .failed(lastError()) }
    defer { socket.close() }
    if let problem = await socket.connect(until: end) { return of(problem) }
    var received: [UInt8] = []
    while received.count < 16 * 1024 {
      switch await socket.read(until: end) {
      case .bytes(let bytes):
        received += bytes
        if let greeting = identification(in: received) { return greeting }
      case .ended, .broken: return ofUnfinished(received)
      case .nothing: return received.isEmpty ? .silent : .other(firstWords(of: received))
      }
    }
    return .other(firstWords(of: received))
  }

  private static func of(_ error: Int32) -> Greeting {
    switch error {
    case ECONNREFUSED: .refused
    case EHOSTUNREACH, EHOSTDOWN: .unreachable
    case ENETUNREACH, ENETDOWN: .noRoute
    case ETIMEDOUT: .noAnswer
    case ECONNRESET: .turnedAway("")
    default: .failed(String(cString: strerror(error)))
    }
  }

  /// The first whole line that begins with `SSH-`.
  static func identification(in received: [UInt8]) -> Greeting? {
    let text = String(decoding: received, as: UTF8.self).unicodeScalars
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let line = lines.dropLast().first(where: { $0.hasPrefix("SSH-") }) else { return nil }
    let parts = line.split(separator: "-", maxSplits: 2)
    guard parts.count == 3, let software = parts[2].split(whereSeparator: \.isBlankOrLineEnd).first
    else { return nil }
    return .ssh(Self.software(String(software)))
  }

  /// `OpenSSH_9.2p1` is OpenSSH 9.2.
  private static func software(_ name: String) -> String {
    let beginning = "OpenSSH_"
    let scalars = name.unicodeScalars
    guard scalars.hasPrefix(beginning) else { return name }
    let number = scalars.dropFirst(beginning.unicodeScalars.count)
    return "OpenSSH \(number.prefix { $0.isDigit || $0 == "." })"
  }

  /// sshd says this before its identification when it does not want to (sshd.c: the first since
  /// OpenSSH 9.8, the second up to 9.7).
  static func ofUnfinished(_ received: [UInt8]) -> Greeting {
    let words = firstWords(of: received)
    if words.isEmpty || words.unicodeScalars.hasPrefix("Not allowed at this time")
      || words.unicodeScalars.hasPrefix("Exceeded MaxStartups")
    {
      return .turnedAway(words)
    }
    return .other(words)
  }

  private static func firstWords(of bytes: [UInt8]) -> String {
    Printed(String(decoding: bytes, as: UTF8.self)).phrase
  }
}
