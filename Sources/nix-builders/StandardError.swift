import Glibc

/// Standard error as a place to print to.
struct StandardError: TextOutputStream {
  mutating func write(_ string: String) {
    var rest = Array(string.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // With nobody left to read it there is nothing to be done.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// Prints a message to standard error.
func complain(_ message: String) {
  var standardError = StandardError()
  print("nix-builders: \(message)", to: &standardError)
}
