import Builders
import Checks
import Interface
import Terminal

/// Screen 4: the account and the key. It looks at the key, and makes one when there is none.
struct AccessScreen: Screen {
  private var form = FormScreen(content)
  /// What is at the key's path, once somebody has looked.
  private var found: (path: String, state: KeyPair.State)?
  /// Offered when the form is submitted but the key is not fine.
  private var menu: Menu?
  private var inspection = OpenQuestion()
  private var making = OpenQuestion()
  private var isMaking: Bool { making.isOpen }
  /// The path that was asked about last.
  private var askedPath = ""
  /// The path at which a key could not be made, and why.
  private var failure: (path: String, error: KeyPairError)?

  private static var content: FormScreen.Content {
    FormScreen.Content(
      heading: { "Who logs in on \($0.name), and with which key?" },
      purpose: "It is Nix's daemon, that is root, that will log in.",
      questions: { _ in
        [
          .text(
            AccessField.user, hint: "the account on the builder",
            help: "A new one is made by the builder's fragment, unless you say that it exists.",
            at: \.builder.user, rule: Rules.user
          ).noted { $0.origin(of: .user) },
          .suggestedText(
            AccessField.keyPath, hint: "the private key on this machine",
            help: "The key must have no passphrase, since nobody is there to type it.",
            at: \.builder.keyPath, rule: Rules.keyPath
          ).noted { $0.origin(of: .keyPath) },
          .toggle(
            AccessField.hostBlock, hint: "an ssh Host block carries the connection",
            help: """
              With it, port, key and host key stand in the ssh configuration, and Nix only names \
              the alias. Without it nix.buildMachines says user, address and key itself, which \
              cannot name a port or a bastion.
              """,
            at: \.builder.hostBlock),
        ]
      },
      preview: { draft in
        draft.builder.usesHostBlock
          ? draft.builder.hostBlockText() : draft.builder.buildMachineText()
      },
      notice: { $0.builder.hostBlock ? nil : $0.builder.needsHostBlock },
      suggestions: [
        AccessField.keyPath: { session in
          // Of the ssh command that was typed, where its key is one that root can use, too.
          let key = session.draft.way?.answers.login.identityFile
          return key.map { [$0] }?.filter { Rules.keyPath($0) == nil }
            .map { Suggestion($0, detail: "the key that you log in with today") } ?? []
        }
      ])
  }

  func bindings(_ session: Session) -> [KeyBinding] {
    if menu != nil {
      return [
        KeyBinding(.accept, "choose"), KeyBinding("↑↓", "move"), KeyBinding(.back, "back"),
        KeyBinding("F1", "help"),
      ]
    }
    var bindings = form.bindings(session)
    if session.draft.builder.publicKey != nil {
      bindings.insert(KeyBinding(.copyWhileTyping, "copy the public key"), at: bindings.count - 1)
    }
    return bindings
  }

  func help(_ session: Session) -> String { form.help(session) }
  var isTyping: Bool { menu == nil && form.isTyping }
  var isBusy: Bool { isMaking }

  mutating func open(_ session: inout Session) -> [Effect] {
    menu = nil
    return form.open(&session) + look(&session)
  }

  private mutating func look(_ session: inout Session) -> [Effect] {
    askedPath = session.draft.builder.keyPath
    inspection.drop()
    guard Rules.keyPath(askedPath) == nil else { return [] }
    return [.inspectKey(inspection.ask(&session), path: askedPath)]
  }

  // MARK: - Input

  mutating func receive(_ input: Input, in area: Area, _ session: inout Session) -> Reaction {
    if Shortcut.copyWhileTyping ~= input, let key = session.draft.builder.publicKey {
      return .effects([.copy(key)])
    }
    if menu != nil { return chooseFromMenu(input, &session) }
    let before = session.draft.builder.keyPath
    let reaction = form.receive(input, in: area, &session)
    if session.draft.builder.keyPath != before {
      found = nil
      session.changeKeyPath(from: before)
      return .effects(look(&session))
    }
    guard case .next? = reaction.move else { return reaction }
    return submit(&session)
  }

  /// Whether what was asked about is still the answer.
  private func isAbout(_ session: Session) -> Bool { askedPath == session.draft.builder.keyPath }

  mutating func focus(_ title: String) {
    menu = nil
    form.focus(title)
  }

  private mutating func submit(_ session: inout Session) -> Reaction {
    guard let found, found.path == session.draft.builder.keyPath else {
      return .effects(look(&session))
    }
    switch found.state {
    case .usable: return .move(.next)
    case .absent:
      menu = Menu([
        Menu.Item(title: "Make a key there", detail: "ed25519, no passphrase, mode 600"),
        Menu.Item(title: "Change the path"),
      ])
    case .unusable:
      menu = Menu([
        Menu.Item(title: "Change the path"),
        Menu.Item(title: "Look again", detail: "when you have mended it"),
        Menu.Item(title: "Go on all the same"),
      ])
    }
    return .none
  }

  private mutating func chooseFromMenu(_ input: Input, _ session: inout Session) -> Reaction {
    if isMaking { return .ignored }
    if case .key(.escape) = input {
      menu = nil
      return .none
    }
    guard let choice = menu?.handle(input) else { return .none }
    let isAbsent = if case .absent? = found?.state { true } else { false }
    switch (isAbsent, choice) {
    case (true, 0):
      failure = nil
      // What was there before the key says nothing any more.
      inspection.drop()
      askedPath = session.draft.builder.keyPath
      return .effects([
        .createKey(making.ask(&session), path: askedPath, comment: session.keyComment)
      ])
    case (false, 1):
      menu = nil
      return .effects(look(&session))
    case (false, 2): return .move(.next)
    default:
      menu = nil
      form.focus(AccessField.keyPath)
      return .none
    }
  }

  mutating func receive(_ message: Message, _ session: inout Session) -> Reaction {
    switch message {
    case .key(let ticket, let state) where inspection.isAnswered(by: ticket) && isAbout(session):
      found = (askedPath, state)
      if case .usable(let publicKey) = state { session.draft.builder.publicKey = publicKey }
      return .effects(form.open(&session))
    case .keyCreated(let ticket, let result)
    where making.isAnswered(by: ticket) && isAbout(session):
      menu = nil
      switch result {
      case .success(let publicKey):
        found = (askedPath, .usable(publicKey: publicKey))
        session.draft.builder.publicKey = publicKey
        return .effects(form.open(&session))
      case .failure(let error):
        failure = (askedPath, error)
        return .effects(look(&session))
      }
    default: return form.receive(message, &session)
    }
  }

  // MARK: - Drawing

  func draw(on canvas: inout Canvas, in area: Area, _ session: Session) {
    var rest = area
    var form = form
    form.notice = notice(session)
    form.isFocused = menu == nil
    let lower = menu.map { rest.takeBottom($0.rows + 1) }
    form.draw(on: &canvas, in: rest, session)
    if let menu, let lower { menu.draw(on: &canvas, in: lower.inset(columns: 2)) }
  }

  private func notice(_ session: Session) -> [StyledLine] {
    // What was found belongs to another path than the one that stands there.
    if form.faultyTitle == AccessField.keyPath { return [] }
    if isMaking { return [StyledLine("Making the key…", Theme.muted)] }
    let isHere = failure?.path == session.draft.builder.keyPath
    let trouble = isHere ? failure.map { [$0.error.diagnosis] } ?? [] : []
    guard let found, found.path == session.draft.builder.keyPath else {
      return trouble.flatMap(\.lines)
    }
    switch found.state {
    case .absent:
      return trouble.flatMap(\.lines)
        + [StyledLine("○ There is no key yet. Enter offers to make it.", Theme.warning)]
    case .usable(let publicKey):
      let words = publicKey.split(separator: " ", maxSplits: 2)
      let name = words.count == 3 ? "\(words[0]) \(words[2])" : "\(words.first ?? "")"
      return [
        StyledLine(
          "✓ The key can be used: \(name). Its public half goes into the builder's fragment.",
          Theme.success, hang: 2)
      ]
    case .unusable(let diagnosis, let evidence):
      return [StyledLine("✗ This key cannot be used.", Theme.failure)] + diagnosis.lines
        + evidence.split(separator: "\n").map { StyledLine("  \($0)", Theme.muted, hang: 2) }
    }
  }
}

/// The fields of the access screen, for those who send people back to them.
enum AccessField {
  static let user = "User"
  static let keyPath = "Key path"
  static let hostBlock = "Host block"
}

extension Session {
  /// What is put into a key that is made here, so that one sees later whose it is.
  fileprivate var keyComment: String {
    let host = machine?.hostName ?? ""
    return host.isEmpty ? "nix-builders" : "root@\(host)"
  }
}

extension String {
  /// An address as people write it: that leaves it on one line more often.
  fileprivate var withoutScheme: String {
    hasPrefix("https://") ? String(dropFirst("https://".count)) : self
  }
}

extension Diagnosis {
  /// The diagnosis as lines: what is likely, what to do, and where one can read about it.
  var lines: [StyledLine] {
    [
      StyledLine("Likely  \(cause)", Theme.plain, hang: 8),
      StyledLine("Do      \(remedy)", Theme.plain, hang: 8),
    ] + (command.map { [StyledLine("        \($0)", Theme.strong, hang: 8)] } ?? [])
      + (manual.map { [StyledLine("Manual  \($0.withoutScheme)", Theme.muted)] } ?? [])
  }
}
