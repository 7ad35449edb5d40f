import Builders
import FoundationEssentials
import Processes

/// The machines of a tailnet.
enum Tailscale {
  static let command = Command(
    ["tailscale", "status", "--json"], timeLimit: TimeLimits.neighbours)

  /// Reads what the command prints.
  static func candidates(in text: String) -> [HostCandidate] {
    guard let status = try? JSONDecoder().decode(Status.self, from: Data(text.utf8)) else {
      return []
    }
    return (status.peers ?? [:]).values.compactMap { peer in
      // The name ends in the dot that DNS ends all names with.
      let name = peer.name.map { name in
        name.utf8.last == UInt8(ascii: ".") ? String(name.unicodeScalars.dropLast()) : name
      }
      return (name ?? peer.addresses?.first).flatMap { HostCandidate($0, from: .tailscale) }
    }.sorted { $0.text < $1.text }
  }

  private struct Status: Decodable {
    var peers: [String: Peer]?

    enum CodingKeys: String, CodingKey { case peers = "Peer" }
  }

  private struct Peer: Decodable {
    var name: String?
    var addresses: [String]?

    enum CodingKeys: String, CodingKey {
      case name = "DNSName"
      case addresses = "TailscaleIPs"
    }
  }
}
