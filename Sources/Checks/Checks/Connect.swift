import Builders
import Processes

extension CheckName {
  /// The port is open and an ssh server answers there.
  public static let connect = CheckName(kind: "connect")
}

/// `connect`: the port is open and an ssh server answers there.
enum Connect {
  static let check = Check(
    .connect, { "port \($0.port)" }, in: .reach, needs: [.result(of: .resolve)],
    exemption: Resolve.throughBastion,
    run: .here { check, handedOn in
      await run(check, addresses: handedOn.value(Resolve.Addresses.self)?.all ?? [])
    })

  static func run(_ check: RunningCheck, addresses: [String]) async -> CheckResult {
    let builder = check.builder
    await check.note("connecting to \(builder.address) port \(builder.port)")
    let findings = await withTaskGroup(of: (String, Greeting).self) { group in
      for address in addresses {
        group.addTask {
          (
            address,
            await Greeting.read(from: address, port: builder.port, within: TimeLimits.connect)
          )
        }
      }
      var findings: [(String, Greeting)] = []
      for await finding in group {
        findings.append(finding)
        if case .ssh = finding.1 {
          group.cancelAll()
          break
        }
      }
      return findings
    }
    for (address, greeting) in findings { await check.note("\(address): \(greeting.text)") }
    // What went furthest tells most.
    guard let (address, best) = findings.max(by: { $0.1.rank < $1.1.rank }) else {
      return await check.failed("no address to connect to", nil)
    }
    let place = "\(address) port \(builder.port)"
    switch best {
    case .ssh(let software): return await check.passed("\(place), \(software)")
    case .turnedAway(let words):
      let known = Diagnosis.recognise(words, of: builder)
      return await check.failed("\(place) hung up", known ?? .hungUp(builder))
    case .other: return await check.failed("\(place) is not ssh", .notSSH(builder))
    case .silent: return await check.failed("\(place) says nothing", .hangs(builder))
    case .refused: return await check.failed("\(place) is closed", .refused(builder))
    case .noAnswer: return await check.failed("\(place) does not answer", .noAnswer(builder))
    case .noRoute where Rules.isIPv6(address):
      return await check.failed("no way to \(address)", .noIPv6Route(address))
    case .unreachable, .noRoute:
      return await check.failed("no way to \(address)", .unreachable(builder))
    case .failed(let reason): return await check.failed(reason, nil)
    }
  }
}
