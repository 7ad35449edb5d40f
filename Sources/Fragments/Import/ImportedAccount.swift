import Base
import Builders

/// What a builder's own fragment says of the account on it: the way back from
/// ``Builder/remoteFragment()``.
///
/// It does not tell everything: of an account that exists already it knows only the key and the
/// trust, and of a key in a file not whether it is bound to Nix.
public struct ImportedAccount: Equatable, Sendable {
  private let users: [String: JSONValue]
  private let groups: [String: JSONValue]
  private let settings: [String: JSONValue]

  /// Takes the values of a module, as ``ImportExpression`` gives them under `accounts`; `nil` when
  /// they are no such values.
  public init?(_ value: JSONValue) {
    guard case .object(let settings) = value, case .object(let users)? = settings["users"],
      case .object(let groups)? = settings["groups"]
    else { return nil }
    self.users = users
    self.groups = groups
    self.settings = settings
  }

  /// Puts into a builder what is known of the account that it logs in to.
  func apply(to builder: inout Builder) {
    guard case .object(let user)? = users[builder.user] else { return }
    var account = Account()
    account.create = user["isSystemUser"] == .bool(true) || user["isNormalUser"] == .bool(true)
    if account.create { take(user, of: builder.user, into: &account) }
    takeKey(of: user, into: &account, publicKey: &builder.publicKey)
    account.trusted = strings("trustedUsers", in: settings)?.contains(builder.user) ?? false
    account.systemFeatures = strings("systemFeatures", in: settings)
    account.emulatedSystems = strings("emulatedSystems", in: settings) ?? []
    if case .array(let ports)? = settings["sshdPorts"] {
      account.sshdPorts = ports.compactMap { if case .integer(let port) = $0 { port } else { nil } }
    }
    builder.account = account
  }

  private func take(_ user: [String: JSONValue], of name: String, into account: inout Account) {
    account.systemUser = user["isSystemUser"] == .bool(true)
    account.description = ""
    if case .string(let text)? = user["description"] { account.description = text }
    if case .integer(let id)? = user["uid"] { account.uid = id }
    if case .string(let group)? = user["group"], group != name { account.group = group }
    if case .object(let group)? = groups[account.group ?? name],
      case .integer(let id)? = group["gid"]
    {
      account.gid = id
    }
    account.createHome = user["createHome"] == .bool(true)
    account.useDefaultShell = user["useDefaultShell"] == .bool(true)
  }

  private func takeKey(
    of user: [String: JSONValue], into account: inout Account, publicKey: inout String?
  ) {
    guard case .object(let openssh)? = user["openssh"],
      case .object(let keys)? = openssh["authorizedKeys"]
    else { return }
    if let files = strings("keyFiles", in: keys) {
      account.authorizedKeys = .keyFiles
      account.keyFile = files.first
    } else if var key = strings("keys", in: keys)?.first {
      // What binds the key to Nix stands before it, and ends in the command's quotation mark.
      let line = key.unicodeScalars
      if line.hasPrefix("restrict,command="), let end = line.lastRange(of: "\" ") {
        account.restricted = true
        key = String(line[end.upperBound...])
      }
      publicKey = publicKey ?? key
    }
  }

  private func strings(_ name: String, in values: [String: JSONValue]) -> [String]? {
    guard case .array(let values)? = values[name] else { return nil }
    return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}
