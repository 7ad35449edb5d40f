import Builders
import Checks
import SSH
import Testing

@testable import Screens

/// How one gets to a machine today: whom it belongs to, and when it is forgotten.
@Suite struct TodaysLoginTests {
  private let login = AdministratorLogin(user: "root", host: "192.0.2.7")

  /// A session that is logged in on its new builder.
  private func session() -> Session {
    var session = Session(directory: "/etc/nixos/nix-builders", inventory: nil)
    session.beginBuilder()
    session.draft.builder.alias = "forge"
    session.draft.builder.address = "192.0.2.7"
    session.todaysLogin = .login(login, connection: 4)
    return session
  }

  private func cancelled(_ effects: [Effect]) -> [Int] {
    effects.compactMap { if case .cancelRun(let run) = $0 { run } else { nil } }
  }

  @Test("another alias changes nothing")
  func alias() {
    var session = session()
    session.draft.builder.alias = "anvil"
    session.endStrayLogins()
    #expect(session.todaysLogin.open?.connection == 4)
    #expect(cancelled(session.takeEffects()).isEmpty)
  }

  @Test(
    "another machine has no login yet, and the connection to the former one is ended",
    arguments: [0, 1, 2])
  func otherEndpoint(field: Int) {
    var session = session()
    switch field {
    case 0: session.draft.builder.address = "192.0.2.8"
    case 1: session.draft.builder.port = 2222
    default: session.draft.builder.proxyJump = "bastion"
    }
    #expect(session.todaysLogin == .unknown)
    session.endStrayLogins()
    #expect(cancelled(session.takeEffects()) == [4])
  }

  @Test("a builder of the inventory keeps its login while another one is edited")
  func inventory() {
    var session = session()
    let builder = session.draft.builder
    session.change("forge added") { $0.builders.append(builder) }
    session.beginBuilder()
    session.draft.builder.address = "192.0.2.8"
    #expect(session.todaysLogin == .unknown)
    session.endStrayLogins()
    #expect(cancelled(session.takeEffects()).isEmpty)
    let forge = session.inventory.builders[0]
    #expect(session.todaysLogins[forge.endpoint].open?.connection == 4)
  }

  @Test("a connection that is over is not open, but the login is known")
  func ended() {
    var session = session()
    session.note(.terminalEnded(run: 3, .init(ending: .exited(255))))
    #expect(session.todaysLogin.open?.connection == 4)
    session.note(.terminalEnded(run: 4, .init(ending: .exited(255))))
    #expect(session.todaysLogin.open == nil)
    #expect(session.todaysLogin.login == login)
  }
}
