import Base
import Builders
import Processes

extension CheckName {
  /// The address has an IP address.
  public static let resolve = CheckName(kind: "resolve")
}

/// `resolve`: the address has an IP address.
package enum Resolve {
  static let check = Check(
    .resolve, { _ in "name" }, in: .reach, exemption: throughBastion,
    run: .here { check, handedOn in
      let result = await run(check)
      await handedOn.put(Addresses(all: addresses(in: result.evidence)))
      return result
    })

  /// The addresses that a name has.
  struct Addresses: Sendable {
    let all: [String]
  }

  /// Where ssh goes through another host or a command, only that knows the name and can open the
  /// port; the host key proves both.
  static let throughBastion = Check.Exemption(
    reason: { $0.detour.map { "through \($0)" } }, shownBy: .hostKey)

  static func run(_ check: RunningCheck) async -> CheckResult {
    // The C library's own resolver cannot be interrupted; getent uses it in a process that can.
    let command = Command(
      ["getent", "ahosts", check.builder.address], timeLimit: TimeLimits.resolve)
    let result = await check.run(command)
    let addresses = addresses(in: result.output)
    if result.succeeded, let first = addresses.first {
      let more = addresses.count > 1 ? " and \(addresses.count - 1) more" : ""
      return await check.passed(first + more)
    }
    switch result.ending {
    case .exited:
      return await check.failed(
        "\(check.builder.address) is unknown", .unresolvable(check.builder.address))
    case .timedOut:
      return await check.failed(
        "no answer about \(check.builder.address)", .nameServerSilent(check.builder.address))
    default: return await check.failed("", by: command, result)
    }
  }

  /// Lines such as `192.0.2.7      STREAM forge.lan`, one for each kind of socket.
  package static func addresses(in output: String) -> [String] {
    var addresses: [String] = []
    for line in output.unicodeScalars.lines {
      guard let address = line.words.strings.first else { continue }
      if !addresses.contains(address) { addresses.append(address) }
    }
    return addresses
  }
}
