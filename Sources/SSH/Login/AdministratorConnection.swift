import Processes

/// A connection that several commands share, so that ssh asks once. It lives in a directory that
/// nobody else may change.
public struct AdministratorConnection: Sendable {
  private let directory: PrivateDirectory
  /// Where the connection's socket lies: in the directory itself, or in one of the person's own.
  private let place: PrivateDirectory
  /// The connection's socket.
  package var socket: String { "\(place.path)/ssh" }

  /// Makes the place for a connection; `nil` when that is impossible.
  ///
  /// - Parameter person: whose ssh makes it; `nil` for whoever runs this program.
  public init?(for person: InvokingPerson? = nil) {
    guard let directory = PrivateDirectory() else { return nil }
    self.directory = directory
    guard let person, person.isOther else {
      place = directory
      return
    }
    guard let place = directory.folder("person", of: person) else {
      directory.remove()
      return nil
    }
    self.place = place
  }

  /// The options of ssh with which a command goes over it.
  package func options(for login: AdministratorLogin) -> [String] {
    var options = ["-o", "ControlPath=\(socket)", "-o", "ControlPersist=no"]
    if let key = login.hostKey,
      let knownHosts = directory.write(
        "\(login.host) \(key)\n", to: "known_hosts", isPublic: login.person?.isOther == true)
    {
      // The key that was accepted before is the only one that is right, whatever the port.
      options += [
        "-o", "HostKeyAlias=\(login.host)", "-o", "UserKnownHostsFile=\(knownHosts)",
        "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes",
      ]
    }
    return options
  }

  /// Removes the place; the connection has to be over.
  public func remove() {
    if place.path != directory.path { place.remove() }
    directory.remove()
  }
}
