import Base
import Builders
import Fragments
import Nix
import Processes

/// The lines of /etc/nix/machines by which Nix here reaches builders now, whether they are installed
/// or not.
public enum WorkingLines {
  /// A builder's line, or why there is none.
  public struct Line: Equatable, Sendable {
    /// The builder.
    public var alias: String
    /// The line; `nil` when none would work yet.
    public var text: String?
    /// What is missing, or what the line does not say; `nil` for nothing.
    public var remark: String?
  }

  /// The lines of builders: as they are written where ssh here knows the alias, else with all that
  /// the way needs in the store URL.
  public static func lines(of builders: [Builder]) async -> [Line] {
    let nix = await NixVersion.installed()
    return await runSideBySide(builders, atOnce: 8) { builder in
      let whole = Line(alias: builder.alias, text: builder.machineLine)
      if !builder.usesHostBlock { return whole }
      let options = await SSHOptions.installed(for: builder.alias)
      let isKnown = !builder.differences(in: options).contains(where: \.isOfConnection)
      return isKnown ? whole : builder.standaloneLine(for: nix)
    }
  }
}

extension Builder {
  /// The line that needs nothing installed: everything stands in its store URL.
  func standaloneLine(for nix: NixVersion?) -> WorkingLines.Line {
    func none(_ reason: String) -> WorkingLines.Line {
      WorkingLines.Line(
        alias: alias,
        remark: "left out, since ssh here does not know \(alias) yet, and \(reason). Install "
          + "local.nix first.")
    }
    // One that is not known is taken for an old one: its lines work with newer ones too.
    let nix = nix ?? NixVersion("0")
    if let proxyJump { return none("a store URL cannot name the bastion \(proxyJump)") }
    if sshOptions["ProxyCommand"] != nil { return none("a store URL cannot say ProxyCommand") }
    if port != 22, !NixNeed.port.isMet(by: nix) {
      return none(
        "Nix before \(NixNeed.port.since.text) takes no port in a store URL (it is \(port))")
    }
    if keyPath.unicodeScalars.contains("%" as Unicode.Scalar) {
      return none("ssh reads % in the path of a key as its own sign")
    }
    guard let pinned = encodedHostKey else { return none("no host key is accepted yet") }
    let url = StoreURL(
      storeProtocol: storeProtocol, user: user, host: address, port: port == 22 ? nil : port,
      parameters: storeParameters.sorted { $0.key < $1.key }.map { .init($0, $1) } + [
        .init("ssh-key", keyPath), .init("base64-ssh-public-host-key", pinned),
      ])
    let columns = machineLine.unicodeScalars.words.map { String($0) }
    // The key and the host key have columns too, but the URL has them already.
    let line =
      [bracketless(url.text, takesBrackets: NixNeed.brackets.isMet(by: nix)), columns[1], "-"]
      + columns[3...6] + ["-"]
    let lost = sshOptions.keys.filter { name in !SSHKeyword.standards.contains { $0.0 == name } }
    let remark =
      lost.isEmpty
      ? nil
      : "its line does not say \(lost.sorted().joined(separator: ", ")), which only ssh's "
        + "configuration can."
    return WorkingLines.Line(alias: alias, text: line.joined(separator: " "), remark: remark)
  }

  /// An older Nix gives ssh an IPv6 address as it stands, and ssh takes no brackets.
  private func bracketless(_ text: String, takesBrackets: Bool) -> String {
    guard Rules.isIPv6(address), !takesBrackets else { return text }
    return text.unicodeScalars.replacing(
      "@[\(address.unicodeScalars.replacing("%", with: "%25"))]", with: "@\(address)")
  }
}
