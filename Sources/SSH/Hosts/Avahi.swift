import Builders
import Processes

/// The machines that announce their sshd in the local network (DNS-SD).
enum Avahi {
  static let command = Command(
    ["avahi-browse", "--terminate", "--parsable", "--resolve", "_ssh._tcp"],
    timeLimit: TimeLimits.neighbours)

  /// Reads what the command prints: `=;INTERFACE;PROTOCOL;NAME;TYPE;DOMAIN;HOST;ADDRESS;PORT;TEXT`.
  static func candidates(in text: String) -> [HostCandidate] {
    var seen: Set<String> = []
    return text.unicodeScalars.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ";", omittingEmptySubsequences: false).map { String($0) }
      guard fields.count >= 9, fields[0] == "=", Rules.port(fields[8]) == nil else { return nil }
      let name = fields[8] == "22" ? fields[6] : "\(fields[6]):\(fields[8])"
      guard seen.insert(name).inserted else { return nil }
      return HostCandidate(name, from: .avahi)
    }
  }
}
