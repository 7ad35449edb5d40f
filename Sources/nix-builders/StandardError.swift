import SystemPackage

/// Standard error as a place to print to.
struct StandardError: TextOutputStream {
  mutating func write(_ string: String) {
    // With nobody left to read it there is nothing to be done.
    _ = try? FileDescriptor.standardError.writeAll(string.utf8)
  }
}

/// Prints a message to standard error.
func complain(_ message: String) {
  var standardError = StandardError()
  print("nix-builders: \(message)", to: &standardError)
}
