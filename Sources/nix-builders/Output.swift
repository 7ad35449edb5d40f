import Base
import SystemPackage

/// All that the commands print goes through here: on its way out, what others have said becomes
/// harmless to a terminal.
enum Output {
  /// Prints a line, or several, to standard output.
  static func line(_ text: SafeText) { write("\(text.text)\n", to: .standardOutput) }

  /// Prints a question, after which the person types.
  static func prompt(_ text: SafeText) { write(text.text, to: .standardOutput) }

  /// Prints text in a format of its own, such as a fragment or lines of machines, to the byte. The
  /// rules of the inventory keep out of it what a terminal would act on.
  static func exactly(_ text: String) { write(text, to: .standardOutput) }

  /// Prints JSON. What is not visible is escaped, so that it means the same and does nothing.
  static func json(_ text: String) { write(JSONText.visible(text), to: .standardOutput) }

  /// Prints lines of a log, of which ``PlainOutput`` has left nothing but what is visible.
  static func log(_ bytes: [UInt8]) { write(bytes, to: .standardOutput) }

  /// Prints a line to standard error.
  static func errorLine(_ text: SafeText) { write("\(text.text)\n", to: .standardError) }

  private static func write(_ text: String, to descriptor: FileDescriptor) {
    write(Array(text.utf8), to: descriptor)
  }

  private static func write(_ bytes: [UInt8], to descriptor: FileDescriptor) {
    // With nobody left to read it there is nothing to be done.
    _ = try? descriptor.writeAll(bytes)
  }
}

/// Prints a message to standard error.
func complain(_ message: SafeText) { Output.errorLine("nix-builders: \(message)") }
