import Glibc

/// One run of the program.
struct Attempt {
  /// The program as it was built with this: it lies beside it.
  static let program: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(
      decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
  }()

  var words: [String]
  var environment: [String] = []
  var input = ""
  var seconds = 20

  /// How a run came out.
  struct Result {
    enum Ending: Equatable {
      case exited(Int32)
      case signalled(Int32)
      case timedOut
    }
    var ending: Ending
    var output: String
    var error: String
    /// The most memory that it took, in MB.
    var memory: Int
  }

  init(_ words: [String], environment: [String] = [], input: String = "", seconds: Int = 20) {
    self.words = words
    self.environment = environment
    self.input = input
    self.seconds = seconds
  }

  /// Runs the program itself.
  static func program(_ words: String..., in folder: Folder, input: String = "") -> Result {
    Attempt(["\(program)/nix-builders"] + words + ["--directory", folder.output], input: input)
      .run(in: folder)
  }

  /// Runs it in a folder, which is its home too.
  func run(in folder: Folder) -> Result {
    let names = ["in", "out", "err"].map { "\(folder.path)/.std\($0)" }
    folder.write(input, to: ".stdin")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, names[0], O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, names[1], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, names[2], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // A group of its own, so that nothing of it is left when its time is up.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let variables =
      [
        "HOME=\(folder.path)", "XDG_STATE_HOME=\(folder.path)/state", "TERM=xterm",
        "LC_ALL=C.UTF-8",
      ]
      + (environment.contains { $0.hasPrefix("PATH=") }
        ? [] : ["PATH=\(getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")"])
      + environment
    var arguments = words.map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + settings { free(text) } }
    var child: pid_t = 0
    guard posix_spawnp(&child, words[0], &actions, &attributes, &arguments, &settings) == 0 else {
      return Result(ending: .exited(127), output: "", error: "not started: \(words)", memory: 0)
    }
    var status: Int32 = 0
    var usage = rusage()
    let deadline = time(nil) + seconds
    var hasEnded = false
    while time(nil) <= deadline {
      if wait4(child, &status, WNOHANG, &usage) == child {
        hasEnded = true
        break
      }
      usleep(2000)
    }
    kill(-child, SIGKILL)
    if !hasEnded { wait4(child, &status, 0, &usage) }
    let signal = status & 0x7F
    return Result(
      ending: !hasEnded
        ? .timedOut : signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal),
      output: folder.read(".stdout", limit: 1 << 20) ?? "",
      error: folder.read(".stderr", limit: 1 << 20) ?? "", memory: Int(usage.ru_maxrss) / 1024)
  }
}
