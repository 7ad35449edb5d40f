import Builders
import SSH

/// What a diagnosis is about: the builder whose check has failed, and what was printed.
struct Symptoms: Sendable {
  let builder: Builder
  let printed: Printed

  init(_ evidence: String, of builder: Builder) {
    self.builder = builder
    printed = Printed(evidence)
  }

  // MARK: - What the text says of itself, before what the inventory says

  /// The machine that ssh could not connect to, with the address and the port that ssh names.
  ///
  /// - Parameter reason: why it could not, in ssh's words.
  func unconnected(_ reasons: String...) -> Builder {
    for reason in reasons {
      guard let line = printed.line(with: "connect to host ", " port ", reason),
        let host = line.part(between: "connect to host ", and: " port ")?.host
      else { continue }
      var machine = machine(host)
      machine.address = host
      machine.port =
        line.part(after: " port ")?.part(before: ":").number(in: 1...65535) ?? builder.port
      return machine
    }
    return builder
  }

  /// The machine of a name that ssh uses: the builder, or another one that is on the way to it.
  func machine(_ host: String) -> Builder {
    var machine = builder
    if !builder.isCalled(host) {
      machine.alias = host
      machine.address = host
      machine.port = 22
    }
    return machine
  }

  /// The bastion that a text is about; `nil` when it is about the builder itself.
  func bastion(_ host: Printed?) -> String? {
    guard let jump = builder.proxyJump else { return nil }
    if let host = host?.host, !builder.isCalled(host) { return jump }
    // What ssh says when the one that was to pass the connection on has given up.
    return host == nil && printed.says("Connection closed by UNKNOWN port 65535") ? jump : nil
  }

  /// The private key that ssh names.
  var keyPath: String {
    let named =
      printed.line(with: "Load key \"")?.part(between: "Load key \"", and: "\"")
      ?? printed.part(between: "no such identity: ", and: ": No such file")
      ?? printed.part(between: "dentity file ", and: " not accessible")
      ?? printed.line(with: "Permissions ", "are too open")?.part(between: " for '", and: "'")
    return named?.path ?? builder.keyPath
  }

  /// The host whose key ssh could not verify; a port that is not 22 follows it in known_hosts' way.
  var unverifiedHost: Printed? {
    let name =
      printed.part(between: " host key is known for ", and: " and you have requested")
      ?? printed.part(between: "Host key for ", and: " has changed")
    return name.map { $0.hasPrefix("[") ? $0.part(between: "[", and: "]") ?? $0 : $0 }
  }

  /// The host that let nobody in.
  var refusingHost: Printed? {
    printed.line(with: "@", ": Permission denied (")?
      .part(before: ": Permission denied (").part(after: "@")
  }
}

extension Builder {
  /// Whether ssh means this builder by a name.
  func isCalled(_ host: String) -> Bool {
    let host = host.lowercased()
    return host == alias.lowercased() || host == address.lowercased()
  }
}
