import Glibc
import Testing

/// A pseudoterminal with the probe at its other end.
final class Pty {
  /// All that the probe has written to the terminal.
  private(set) var output: [UInt8] = []
  private(set) var process: pid_t = 0
  /// The terminal's modes before it was started.
  private(set) var modesBefore: [UInt32] = []
  private var told: [UInt8] = []
  private var master: Int32
  private var slave: Int32
  private let lines: Int32
  private var status: Int32?
  private var usage = rusage()

  /// How long anything may take; only a failing test waits for it.
  private static let patience = 20.0

  /// The probe, beside the tests' own program.
  static let probe: String = {
    let path = realpath("/proc/self/exe", nil)
    defer { free(path) }
    let program = path.map { String(cString: $0) } ?? ""
    return program.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/TerminalProbe"
  }()

  /// Starts a program, the probe unless another is named.
  init(
    term: String = "xterm-256color", _ environment: [String: String] = [:],
    columns: UInt16 = 80, rows: UInt16 = 24, arguments: [String] = [],
    program words: [String] = [Pty.probe], input: String? = nil
  ) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    try #require(master >= 0)
    var unlocked: Int32 = 0
    var number: Int32 = 0
    // TIOCSPTLCK and TIOCGPTN, which the module leaves out.
    try #require(ioctl(master, 0x4004_5431, &unlocked) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    let path = "/dev/pts/\(number)"
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(slave >= 0)
    var pipe: [Int32] = [0, 0]
    try #require(Glibc.pipe(&pipe) == 0)
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(pipe[0], F_SETFL, O_NONBLOCK)
    lines = pipe[0]
    resize(columns: columns, rows: rows)
    modesBefore = modes

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 3)
    if let input { posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // 0x80 is POSIX_SPAWN_SETSID: the pty becomes the new session's terminal when it is opened.
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
    let variables = [
      "TERM": term, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
    ].merging(environment) { $1 }
    let words = words + arguments
    let argv = words.map { strdup($0) } + [nil]
    let envp = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in argv + envp { free(word) } }
    let error = posix_spawn(&process, words[0], &actions, &attributes, argv, envp)
    close(pipe[1])
    try #require(error == 0)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(lines)
    closeTerminal()
  }

  /// Closes all that the terminal at this end consists of.
  func closeTerminal() {
    if master >= 0 { close(master) }
    if slave >= 0 { close(slave) }
    master = -1
    slave = -1
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) { _ = write(master, bytes, bytes.count) }

  func signal(_ number: Int32) { kill(process, number) }

  /// The next line that the probe tells; `nil` when there is none.
  func line() async throws -> String? {
    var line: String?
    try await wait {
      // Asked first: the last line may come together with the end.
      let hasEnded = hasEnded
      if let end = told.firstIndex(of: UInt8(ascii: "\n")) {
        line = String(decoding: told[..<end], as: UTF8.self)
        told.removeSubrange(...end)
      }
      return line != nil || hasEnded
    }
    return line?.replacing("Terminal.", with: "").replacing("Key.", with: "")
  }

  /// The next so many lines.
  func lines(_ count: Int) async throws -> [String] {
    var lines: [String] = []
    while lines.count < count, let line = try await line() { lines.append(line) }
    return lines
  }

  /// Waits for text on the terminal.
  func wait(for text: String) async throws {
    try await wait { hasEnded || String(decoding: output, as: UTF8.self).contains(text) }
    #expect(String(decoding: output, as: UTF8.self).contains(text))
  }

  /// What has come to the terminal since the last time.
  func takeOutput() -> String {
    read()
    defer { output = [] }
    return String(decoding: output, as: UTF8.self)
  }

  enum Ending: Equatable { case exit(Int32), signal(Int32) }

  /// How the program ends.
  func ending() async throws -> Ending {
    try await wait { hasEnded }
    let status = try #require(status)
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  /// How much of the processor it has used, in seconds.
  var processorTime: Double {
    [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
  }

  /// How often it was put to sleep or woken.
  func contextSwitches() throws -> [Substring] {
    let file = try #require(fopen("/proc/\(process)/status", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
      .filter { $0.contains("ctxt_switches") }
  }

  /// The terminal's modes, as far as programs change them.
  var modes: [UInt32] {
    var modes = termios()
    tcgetattr(slave, &modes)
    let keys = withUnsafeBytes(of: modes.c_cc) { $0.map(UInt32.init) }
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag] + keys
  }

  private var hasEnded: Bool {
    if status != nil { return true }
    var status: Int32 = 0
    guard wait4(process, &status, WNOHANG, &usage) == process else { return false }
    self.status = status
    read()
    return true
  }

  private func read() {
    var bytes = [UInt8](repeating: 0, count: 65536)
    while master >= 0, case let count = Glibc.read(master, &bytes, bytes.count), count > 0 {
      output += bytes[..<count]
    }
    while case let count = Glibc.read(lines, &bytes, bytes.count), count > 0 {
      told += bytes[..<count]
    }
  }

  private func wait(until condition: () -> Bool) async throws {
    let start = ContinuousClock.now
    while true {
      read()
      if condition() { return }
      try #require(ContinuousClock.now - start < .seconds(Self.patience), "waited in vain")
      try await Task.sleep(for: .milliseconds(1))
    }
  }
}
