import Processes
import Base
import Builders

/// `resolve`: the address has an IP address.
package enum Resolve {
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
