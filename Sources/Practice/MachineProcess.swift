import Base
import CNamespaces
import FoundationEssentials
import Glibc
import SystemPackage

/// The first process of a machine, held by a pipe: it waits until the other end is closed, which
/// also happens when this program is killed, and with it everything on the machine ends.
struct MachineProcess: Sendable {
  /// Its id.
  let pid: pid_t
  private let lifeline: FileDescriptor

  /// What the first process does. The shell has to be bash, which also collects the processes that
  /// nobody else waits for.
  private static let life = """
    read -r
    # A program that draws on a terminal restores it when it is asked to end. The kernel ends what
    # is left together with this process.
    kill -TERM -- -1
    for ((i = 0; i < 50; i++)); do
      kill -0 -- -1 || exit 0
      sleep 0.01
    done
    """

  /// Starts one in namespaces of its own, with a copy of the mounts of its parent.
  ///
  /// - Parameters:
  ///   - name: what `ps` shows.
  ///   - inside: the machine in whose namespaces the new ones lie.
  static func start(
    _ name: String, programs: Programs, inside: MachineProcess?
  ) throws(PracticeError) -> MachineProcess {
    let ends: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
    let null: FileDescriptor
    do {
      ends = try FileDescriptor.pipe(options: .closeOnExec)
      null = try FileDescriptor.open("/dev/null", .readWrite, options: .closeOnExec)
    } catch {
      throw .failed(step: "start a machine", reason: "\(error)")
    }
    defer {
      try? ends.readEnd.close()
      try? null.close()
    }
    var program = Program(
      path: programs.path(of: "bash") ?? "bash", arguments: ["bash", "-c", life, name],
      environment: programs.environment)
    program.streams = (ends.readEnd.rawValue, null.rawValue, null.rawValue)
    program.inside = inside?.pid
    program.isFirst = true
    do throws(PracticeError) {
      return MachineProcess(pid: try program.start(), lifeline: ends.writeEnd)
    } catch {
      try? ends.writeEnd.close()
      throw error
    }
  }

  /// Its id as seen inside the machine that it was started in.
  func pidInside() throws(PracticeError) -> pid_t {
    // NSpid lists it for each namespace from the outermost to its own, in which it is 1.
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.unicodeScalars.lines.first { $0.hasPrefix("NSpid:") }
    let ids = (line?.words ?? []).strings.dropFirst().compactMap { pid_t($0) }
    guard let inside = ids.dropLast().last else {
      throw .failed(step: "start a machine", reason: "/proc/\(pid)/status has no NSpid")
    }
    return inside
  }

  /// Lets it end.
  func letGo() {
    try? lifeline.close()
  }

  /// Waits until it has ended, and with it all that ran on the machine.
  func ended() async {
    while waitpid(pid, nil, WNOHANG) == 0 {
      // In a task of its own, since in a cancelled one nothing sleeps.
      await Task { try? await Task.sleep(for: .milliseconds(2)) }.value
    }
  }
}

/// A program that is started in namespaces.
struct Program {
  /// Its absolute path.
  var path: String
  /// Its arguments, the first being its name.
  var arguments: [String]
  /// What of its environment differs from this program's.
  var environment: [String: String?]
  /// Where it starts, as seen inside.
  var directory = "/"
  /// Its standard input, output and error.
  var streams = (STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO)
  /// A process whose namespaces it lives in.
  var inside: pid_t?
  /// Whether it is the first process of new namespaces, in a session of its own.
  var isFirst = false

  /// Starts it as a child of this process.
  func start() throws(PracticeError) -> pid_t {
    var variables = ProcessInfo.processInfo.environment
    for (name, value) in environment { variables[name] = value }
    let lines = variables.map { "\($0)=\($1)" }
    var step: UnsafePointer<CChar>?
    let (pid, error) = withCStrings(arguments) { arguments in
      withCStrings(lines) { lines in
        path.withCString { path in
          directory.withCString { directory in
            var program = cnamespaces_program(
              path: path, arguments: arguments, environment: lines, directory: directory,
              input: streams.0, output: streams.1, error: streams.2, inside: inside ?? 0,
              first: isFirst, session: isFirst)
            return (cnamespaces_start(&program, &step), errno)
          }
        }
      }
    }
    if pid > 0 { return pid }
    let reason = "\(step.map { String(cString: $0) } ?? ""): \(Errno(rawValue: error))"
    throw .failed(step: "start \(path)", reason: reason)
  }
}

/// Lends an array of C strings that ends with a null pointer.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = texts.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("it has at least one element") }
    return body(base)
  }
}
