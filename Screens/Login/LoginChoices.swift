import Builders
import Checks
import Interface
import Processes
import SSH

/// What can be answered to how one logs in today, the likeliest first.
enum LoginChoice: Equatable {
  /// Over this login.
  case login(AdministratorLogin)
  /// Over one that is typed.
  case another
  /// Not at all: somebody else looks after that machine.
  case somebodyElse
  /// The connection is open already.
  case goOn
}

extension Session {
  /// What is offered.
  var loginChoices: [(choice: LoginChoice, item: Menu.Item)] {
    var logins: [(AdministratorLogin, String)] = []
    func add(_ login: AdministratorLogin, _ detail: String) {
      if !logins.contains(where: { $0.0 == login }) { logins.append((login, detail)) }
    }
    let builder = draft.builder
    if let login = todaysLogin.login { add(login, "as before") }
    // An address alone says nothing of who logs in; a name of ssh's configuration or a key may.
    if var given = draft.givenLogin,
      given.user != nil || given.identityFile != nil || given.host != builder.address
    {
      given.hostKey = builder.hostKey
      given.person = given.person ?? sshPerson
      // A name of ssh's configuration brings its own ways.
      if given.host == builder.address {
        given.sshOptions.merge(builder.reachingOptions) { given, _ in given }
      }
      add(given, given.identityFile.map { "with the key \($0)" } ?? "as you gave the address")
    }
    add(.of("root", on: builder, sshPerson), sshPerson.map { "with \($0.name)'s ssh" } ?? "")
    if !person.isRoot { add(.of(person.name, on: builder, sshPerson), "your own account") }
    let isOpen = todaysLogin.open != nil
    let open: [(LoginChoice, Menu.Item)] =
      isOpen ? [(.goOn, Menu.Item(title: "Go on", detail: "the connection is open"))] : []
    return open
      + logins.dropFirst(isOpen ? 1 : 0).map { login, detail in
        (.login(login), Menu.Item(title: login.target, detail: detail))
      } + [
        (.another, Menu.Item(title: "Another login")),
        (
          .somebodyElse,
          Menu.Item(
            title: "Somebody else looks after \(name)", detail: "you get a text for them later")
        ),
      ]
  }

  /// Whose ssh logs in where that is not said: the person's who started the program.
  var sshPerson: InvokingPerson? { person.isRoot ? nil : person }
}

extension AdministratorLogin {
  /// The login of an account on a builder itself.
  static func of(
    _ user: String, on builder: Builder, _ person: InvokingPerson?
  ) -> AdministratorLogin {
    var login = AdministratorLogin("\(user)@\(builder.address)", of: builder)
    login.person = person
    return login
  }
}

/// A login that is typed.
struct OtherLogin: Equatable {
  /// `USER@HOST`, or a name that ssh knows.
  var text: String
  /// Whether it is root's ssh that logs in, though somebody else has started the program.
  var usesRoot = false

  /// What is asked.
  static func questions(_ session: Session) -> [Question<OtherLogin>] {
    [
      .text(
        "Login", hint: "USER@HOST, or a Host of the ssh configuration",
        help: "At another address than the builder's, ssh's own configuration says port and host "
          + "key. An account that is not root needs sudo to change anything.",
        at: \.text, rule: AdministratorLogin.problem),
      .choice(
        "With the ssh of", hint: "configuration, keys, agent",
        help: "Whose ~/.ssh is used.", at: \.usesRoot,
        options: [(value: false, title: session.person.name), (value: true, title: "root")]
      ).shown { _ in !session.person.isRoot },
    ]
  }
}
