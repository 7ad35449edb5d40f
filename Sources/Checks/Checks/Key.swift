import Base
import Builders
import Nix
import SSH

extension CheckName {
  /// The private key on the local machine can be used by root without asking anything.
  public static let key = CheckName(kind: "key")
}

/// `key`: the private key on this machine can be used by root without asking anything.
enum Key {
  static let check = Check(
    .key, { _ in "key" }, in: .login, run: .here { check, _ in await run(check) })

  static func run(_ check: RunningCheck) async -> CheckResult {
    let builder = check.builder
    switch await KeyPair.inspect(path: builder.keyPath) {
    case .absent:
      let publicHalf = try? WholeFile("\(builder.keyPath).pub", atMost: .key).text
      let inAgent = await KeyAgent.holds(publicHalf)
      return await check.failed(
        "nothing at \(builder.keyPath)",
        inAgent
          ? .keyInAgent(builder.keyPath)
          : .keyMissing(builder.keyPath, hasPublicHalf: publicHalf != nil))
    case .unusable(let diagnosis, let evidence):
      if diagnosis.identity == .keyIsPublic,
        await KeyAgent.holds(try? WholeFile(builder.keyPath, atMost: .key).text)
      {
        return await check.failed("a public key", .keyInAgent(builder.keyPath))
      }
      if !evidence.isEmpty { await check.note(evidence.trimmingSuffix(while: \.isLineEnd)) }
      return await check.failed("\(builder.keyPath) cannot be used", diagnosis)
    case .usable(let publicKey):
      if let recorded = builder.publicKey, !isSameKey(recorded, publicKey) {
        await check.note("\(builder.keyPath): \(publicKey)\nthe inventory: \(recorded)")
        return await check.failed(
          "not the key in the inventory", .keyNotRecorded(builder.keyPath, builder.alias))
      }
      if check.test.source == .installed, LocalDaemon.running?.sees(builder.keyPath) == false {
        return await check.failed(
          "Nix's daemon does not see it", .keyHiddenFromDaemon(builder.keyPath))
      }
      return await check.passed("\(builder.keyPath), no passphrase")
    }
  }
}
