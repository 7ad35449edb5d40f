import Builders
import Nix
import Processes
import SSH

extension CheckName {
  /// The builder's Nix trusts the user.
  public static let trusted = CheckName(kind: "trusted")
}

/// `trusted`: the builder's Nix trusts the user.
enum Trusted {
  static let check = Check(
    .trusted, { _ in "trusted" }, in: .login, needs: [.result(of: .store)],
    run: .there { check, way, handedOn in
      guard let answer = await handedOn.value(StoreAnswer.self) else {
        return await check.failed("no answer from Nix there", nil)
      }
      return await run(check, way.connection, answer, in: way.directory)
    })

  static func run(
    _ check: RunningCheck, _ connection: Connection, _ answer: StoreAnswer,
    in directory: PrivateDirectory
  ) async -> CheckResult {
    let builder = check.builder
    switch answer.trusted {
    case true: return await check.passed(builder.user)
    case false where builder.account.trusted:
      return await check.failed("\(builder.user) is not trusted", .untrusted(builder))
    case false, nil: break
    }
    // Older versions say nothing of trust, but refuse the build of one whom they do not trust.
    let probe = Probe(system: builder.systems.first ?? "", features: builder.mandatoryFeatures)
    var result = await BuildProbe.run(check, connection, probe, in: directory)
    if result.outcome == .passed {
      result.detail =
        answer.trusted == false
        ? "not trusted, and a build works" : "\(builder.user), as a build shows"
    }
    return result
  }
}
