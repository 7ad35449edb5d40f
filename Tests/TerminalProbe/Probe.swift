import CProcess
import Glibc
import Terminal

/// A program in the terminal that tells on descriptor 3 what it is given, one line each, for the
/// tests that hold the other end of a pty.
struct Probe: Application {
  typealias Message = Int
  enum Effect { case tell(String), quit, copy, count(Int), crash }

  static let messages = 1_000_000

  var size = Size(columns: 0, rows: 0)
  var told = 0
  var counted = 0
  var pace: Double?
  var isMouseOff = false
  let frames = Frames()

  mutating func receive(_ input: Input, now: Double) -> [Effect] {
    if case .resize(let size) = input { self.size = size }
    told += 1
    let tell = Effect.tell("\(input)")
    switch input {
    case .key(.character("q")): return [.tell("\(frames.count) frames in \(now) s"), .quit]
    case .key(.character("c")): return [tell, .copy]
    case .key(.character("m")): isMouseOff.toggle()
    case .key(.character("t")): pace = pace == nil ? 0.01 : nil
    case .key(.character("n")): return [tell, .count(Self.messages)]
    case .key(.character("!")): return [.crash]
    default: break
    }
    return [tell]
  }

  mutating func receive(_ message: Int, now: Double) -> [Effect] {
    // Out of order, a message is not counted.
    if message == counted { counted += 1 }
    return message == Self.messages - 1 && counted == Self.messages ? [.tell("counted")] : []
  }

  var tickInterval: Double? { pace }

  func draw(on canvas: inout Canvas) {
    frames.count += 1
    let colour = Style(.green, on: .grey, .bold)
    canvas.write("probe ✓✗○–·│▸…→日本é", at: Position(column: 0, row: 0), colour)
    canvas.write("\(size.columns)×\(size.rows)", at: Position(column: 0, row: 1), Style(.red))
    canvas.write("inputs \(told), counted \(counted)", at: Position(column: 0, row: 2))
    canvas.cursor = Position(column: 4, row: 2)
    if !isMouseOff {
      canvas.mark(Area(column: 0, row: 0, columns: 10, rows: 2), as: Target("top", 7))
    }
  }
}

/// How often it was drawn.
final class Frames {
  var count = 0
}

/// Writes a line to whoever started this.
func tell(_ line: String) {
  let text = line + "\n"
  _ = write(3, text, text.utf8.count)
}

/// Recurses until the stack is used up.
func exhaust(_ depth: Int) -> Int { depth < 0 ? 0 : exhaust(depth + 1) &+ depth }

func crash() {
  switch CommandLine.arguments.dropFirst().first {
  case "trap": fatalError("on purpose")
  case "exit": exit(5)
  case "stack": print(exhaust(1))
  case let signal?: raise(Int32(signal) ?? SIGSEGV)
  case nil: raise(SIGSEGV)
  }
}

struct Thrown: Error {}

/// Starts a program that a crash has to end.
func startChild() {
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
  var child: pid_t = 0
  let words = [strdup("sleep"), strdup("600"), nil]
  posix_spawn(&child, "/bin/sleep", nil, &attributes, words, environ)
  _ = cprocess_add(child)
  cprocess_end_on_crash()
  tell("child \(child)")
}

@main enum Main {
  @MainActor static func main() async {
    do {
      let ending = try runProbe()
      tell("ended \(ending)")
      if case .signal(let number) = ending { exit(128 + number) }
    } catch {
      tell("\(error)")
      exit(69)
    }
  }

  @MainActor static func runProbe() throws -> EventLoop.Ending {
    let argument = CommandLine.arguments.dropFirst().first
    if argument == "children-first" { startChild() }
    defer { if argument != nil { cprocess_signal_all(SIGKILL) } }
    var terminal = try Terminal(keysFrom: argument == "tty" ? .controllingTerminal : .standardInput)
    if argument == "children-last" { startChild() }
    // Without a loop.
    if argument == "throw" || argument == "sleep" {
      terminal.show(Canvas(size: terminal.size))
      tell("open")
      if argument == "sleep" { sleep(60) }
      _ = getchar()
      throw Thrown()
    }
    var probe = Probe()
    let mailbox = Mailbox<Int>(capacity: 64)
    return EventLoop.run(&probe, on: &terminal, mailbox: mailbox) { effect in
      switch effect {
      case .tell(let line): tell(line)
      case .quit: return [.quit]
      case .copy: return [.copy("héllo"), .ring]
      case .crash: crash()
      case .count(let count):
        Task { for number in 0..<count { await mailbox.send(number) } }
      }
      return []
    }
  }
}
