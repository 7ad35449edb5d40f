import ArgumentParser
import Builders

/// The answers about the account on the builder, each named like its key in builders.json.
struct AccountOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Whether the fragment makes the account.")
  var accountCreate: Bool?
  @Flag(inversion: .prefixedNo, help: "Whether it is a system user rather than a normal one.")
  var accountSystemUser: Bool?
  @Option(help: "Its description (GECOS); empty for none.")
  var accountDescription: String?
  @Option(help: "The user id; empty lets NixOS choose.")
  var accountUid: String?
  @Option(help: "The group; empty for one named like the account.")
  var accountGroup: String?
  @Option(help: "The group id; empty lets NixOS choose.")
  var accountGid: String?
  @Flag(inversion: .prefixedNo, help: "Whether it gets a home directory.")
  var accountCreateHome: Bool?
  @Flag(inversion: .prefixedNo, help: "Whether it gets a shell, which ssh needs to start Nix.")
  var accountUseDefaultShell: Bool?
  @Option(help: "Where the public key stands: keys (in the fragment) or keyFiles.")
  var accountAuthorizedKeys: String?
  @Option(help: "The file on the builder with the public key, for keyFiles; empty for none.")
  var accountKeyFile: String?
  @Flag(inversion: .prefixedNo, help: "Whether Nix on the builder trusts it.")
  var accountTrusted: Bool?
  @Flag(inversion: .prefixedNo, help: "Whether the key may do nothing but serve Nix.")
  var accountRestricted: Bool?
  @Option(
    name: .customLong("account-sshd-port"),
    help: ArgumentHelp(
      "A port that sshd is to listen on, in place of its own; empty leaves them.",
      valueName: "port"))
  var sshdPorts: [String] = []
  @Option(
    name: .customLong("account-emulated-system"),
    help: ArgumentHelp("A system that NixOS is to emulate.", valueName: "system"))
  var emulatedSystems: [String] = []
  @Option(
    name: .customLong("account-system-feature"),
    help: ArgumentHelp(
      "A feature to announce, in place of its own; empty leaves them.", valueName: "feature"))
  var systemFeatures: [String] = []

  /// Puts the given answers in.
  func apply(to account: inout Account, _ reader: inout AnswerReader) {
    if let answer = reader.flag(accountCreate) { account.create = answer }
    if let answer = reader.flag(accountSystemUser) { account.systemUser = answer }
    if let text = reader.text(accountDescription, "account-description", Rules.description) {
      account.description = text
    }
    let userID = { [account] text in Rules.userID(text, of: account) }
    if let text = reader.optional(accountUid, "account-uid", userID) {
      account.uid = text.flatMap { Int($0) }
    }
    if let text = reader.optional(accountGroup, "account-group", Rules.user) {
      account.group = text
    }
    if let text = reader.optional(accountGid, "account-gid", Rules.id) {
      account.gid = text.flatMap { Int($0) }
    }
    if let answer = reader.flag(accountCreateHome) { account.createHome = answer }
    if let answer = reader.flag(accountUseDefaultShell) { account.useDefaultShell = answer }
    if let choice = reader.choice(
      accountAuthorizedKeys, "account-authorized-keys", Account.AuthorizedKeys.self)
    {
      account.authorizedKeys = choice
    }
    if let text = reader.optional(accountKeyFile, "account-key-file", Rules.path) {
      account.keyFile = text
    }
    if let answer = reader.flag(accountTrusted) { account.trusted = answer }
    if let answer = reader.flag(accountRestricted) { account.restricted = answer }
    if let list = reader.list(sshdPorts, "account-sshd-port", Rules.port) {
      account.sshdPorts = list.isEmpty ? nil : list.compactMap { Int($0) }
    }
    if let list = reader.list(emulatedSystems, "account-emulated-system", Rules.system) {
      account.emulatedSystems = list
    }
    if let list = reader.list(systemFeatures, "account-system-feature", Rules.feature) {
      account.systemFeatures = list.isEmpty ? nil : list
    }
  }
}
