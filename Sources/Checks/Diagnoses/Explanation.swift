import Base
import Builders
import Nix
import SSH

extension Diagnosis {
  /// What a text means that ssh, sshd or Nix have printed, Nix's internal-json among it; `nil` when
  /// nothing in it is known.
  ///
  /// - Parameter builders: those that it may be about. What the text says of itself comes first, so
  ///   that none is needed.
  public static func explain(_ text: String, of builders: [Builder]) -> Diagnosis? {
    let text = readable(text)
    return recognise(text, of: .subject(of: Printed(text), among: builders))
  }

  /// The diagnosis for reading, a line each.
  public var report: [String] {
    var lines = ["Likely  \(cause)", "Do      \(remedy)"]
    if let command { lines.append("        \(command)") }
    if let manual { lines.append("Read    \(manual)") }
    return lines
  }

  /// What Nix would have printed for people, where it has printed internal-json.
  private static func readable(_ text: String) -> String {
    var parser = NixLogParser()
    var renderer = NixLogRenderer()
    var readable: [UInt8] = []
    parser.feed(Array(text.utf8)) { renderer.append($0, to: &readable) }
    parser.finish { renderer.append($0, to: &readable) }
    return String(decoding: readable, as: UTF8.self)
  }
}

extension Builder {
  /// The builder that a text is about: of several the one that it names. One that nobody knows gets
  /// the names that the text has for it.
  static func subject(of printed: Printed, among builders: [Builder]) -> Builder {
    let hosts = printed.hosts
    if let named = builders.first(where: { builder in hosts.contains(where: builder.isCalled) }) {
      return named
    }
    if let onTheWay = builders.first(where: { builder in hosts.contains(where: builder.goesThrough)
    }) {
      return onTheWay
    }
    if hosts.isEmpty, builders.count == 1, let builder = builders.first { return builder }
    let name = hosts.first ?? "BUILDER"
    var unknown = Builder(alias: name, address: name, systems: [], keyPath: "/root/.ssh/KEY")
    unknown.user = printed.account ?? "USER"
    return unknown
  }

  private func goesThrough(_ host: String) -> Bool {
    let hops = (proxyJump ?? "").unicodeScalars.split(separator: ",").map { Printed(String($0)) }
    return hops.contains { hop in
      let place = hop.part(after: "@") ?? hop
      return place.host == host || place.part(before: ":").host == host
        || place.part(between: "[", and: "]")?.host == host
    }
  }
}

extension Printed {
  /// The hosts that ssh and Nix name, those first that tell most.
  fileprivate var hosts: [String] {
    let marks = [
      ("on 'ssh-ng://", "'"), ("on 'ssh://", "'"), ("remote store 'ssh-ng://", "'"),
      ("remote store 'ssh://", "'"), ("SSH connection to '", "'"), ("URL: ssh-ng://", "\n"),
      ("connect to host ", " port "), ("Could not resolve hostname ", ": "),
      (" host key is known for ", " and "), ("Host key for ", " has changed"),
      ("Connection closed by ", " port "), ("Connection reset by ", " port "),
    ]
    let named = marks.compactMap { part(between: $0.0, and: $0.1) }.compactMap { name in
      (name.part(after: "@") ?? name).part(before: "?").host ?? name.part(before: ":").host
    }
    let refusing = line(with: "@", ": Permission denied (")?
      .part(before: ": Permission denied (").part(after: "@")?.host
    // sshd's log calls by these words the one who logs in.
    let isLog = says("[preauth]", "Accepted publickey for ", "Invalid user ", "not allowed because")
    return isLog ? [] : named + [refusing].compactMap(\.self)
  }

  /// The account that ssh or sshd name.
  fileprivate var account: String? {
    let marks = [
      (" authenticating user ", " "), ("Invalid user ", " from "), ("Accepted publickey for ", " "),
      ("invalid user ", " "),
    ]
    let named = marks.lazy.compactMap { self.part(between: $0.0, and: $0.1)?.user }.first
    return named ?? line(with: "User ", " not allowed because")?.part(between: "User ", and: " ")?
      .user
      ?? line(with: "@", ": Permission denied (")?.part(before: "@").user
  }
}
