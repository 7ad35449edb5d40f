import Base
import Glibc
import Processes

/// The ssh-agent of the one who runs this program. Nix's daemon has none.
package enum KeyAgent {
  /// Whether it has the private half of a key.
  ///
  /// - Parameter publicKey: a line of authorized_keys.
  package static func holds(_ publicKey: String?) async -> Bool {
    guard let publicKey, let socket = getenv("SSH_AUTH_SOCK").map({ String(cString: $0) }) else {
      return false
    }
    let command = Command(
      ["ssh-add", "-L"], environment: ["SSH_AUTH_SOCK": socket], timeLimit: TimeLimits.local)
    return await command.run().output.unicodeScalars.lines.contains {
      isSameKey(String($0), publicKey)
    }
  }
}
