import Builders
import Checks
import SSH

/// How one gets to a machine today, before anything is set up: asked once, and kept for as long as
/// somebody has to do with that machine.
enum TodaysLogin: Equatable, Sendable {
  /// Nobody has said.
  case unknown
  /// Over a login; `connection` is the run that holds the connection which was opened, `nil` once it
  /// is over.
  case login(AdministratorLogin, connection: Int?)
  /// Somebody else looks after that machine.
  case somebodyElse

  /// The login and its connection, as long as that is open.
  var open: (login: AdministratorLogin, connection: Int)? {
    if case .login(let login, let connection?) = self { (login, connection) } else { nil }
  }

  /// The login that worked, whether its connection is still open or not.
  var login: AdministratorLogin? {
    if case .login(let login, _) = self { login } else { nil }
  }
}

/// Where a machine is reached: what a login to it belongs to, whatever the builder is called.
struct Endpoint: Hashable, Sendable {
  var address: String
  var port: Int
  var proxyJump: String?
  /// What of its ssh options leads there.
  var sshOptions: [String: String] = [:]
}

extension Builder {
  /// Where it is reached.
  var endpoint: Endpoint {
    // Another way to the same machine is another connection; a patience is none.
    let options = sshOptions.filter { ["ProxyCommand", "BindInterface"].contains($0.key) }
    return Endpoint(address: address, port: port, proxyJump: proxyJump, sshOptions: options)
  }
}

/// Today's logins to the machines that the session has to do with.
struct TodaysLogins: Equatable, Sendable {
  private var entries: [Endpoint: TodaysLogin] = [:]

  /// How one gets to a machine.
  subscript(endpoint: Endpoint) -> TodaysLogin {
    get { entries[endpoint] ?? .unknown }
    set { entries[endpoint] = newValue == .unknown ? nil : newValue }
  }

  /// A run is over, and with it the connection that it held.
  mutating func end(_ run: Int) {
    for (endpoint, entry) in entries where entry.open?.connection == run {
      if let login = entry.login { entries[endpoint] = .login(login, connection: nil) }
    }
  }

  /// Whether nobody has said anything of any machine.
  var isEmpty: Bool { entries.isEmpty }

  /// Forgets the machines that nobody has to do with any more.
  ///
  /// - Returns: the connections to them, which are to be ended.
  mutating func keep(_ isWanted: (Endpoint) -> Bool) -> [Int] {
    let strays = entries.filter { !isWanted($0.key) }
    for endpoint in strays.keys { entries[endpoint] = nil }
    return strays.values.compactMap { $0.open?.connection }
  }
}

extension Session {
  /// How one gets to the draft's builder today.
  var todaysLogin: TodaysLogin {
    get { todaysLogins[draft.builder.endpoint] }
    set { todaysLogins[draft.builder.endpoint] = newValue }
  }

  /// Forgets the logins to machines that no builder is at any more, and ends their connections.
  mutating func endStrayLogins() {
    if todaysLogins.isEmpty { return }
    let drafts = [draft.builder, shelved?.draft.builder].compactMap(\.self)
    let wanted = Set((inventory.builders + drafts).map(\.endpoint))
    for connection in todaysLogins.keep({ wanted.contains($0) }) {
      perform(.cancelRun(connection))
    }
  }
}
