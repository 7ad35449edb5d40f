import Glibc

/// The program as it was built with these tests: it lies beside them. What it remembers goes to a
/// place of the tests' own, and not to the home of whoever runs them.
public let program: String = {
  setenv("XDG_STATE_HOME", stateHome(), 1)
  atexit { _ = system("rm -rf \(stateHome())") }
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
  let path = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
  return path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/nix-builders"
}()

private func stateHome() -> String { "/tmp/nix-builders-test-state-\(getpid())" }
