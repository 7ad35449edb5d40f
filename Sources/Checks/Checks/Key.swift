import Builders

/// `key`: the private key on this machine can be used by root without asking anything.
enum Key {
  static func run(_ check: RunningCheck) async -> CheckResult {
    let builder = check.builder
    switch await KeyPair.inspect(path: builder.keyPath) {
    case .absent:
      return await check.failed("nothing at \(builder.keyPath)", .keyMissing(builder.keyPath))
    case .unusable(let diagnosis, let evidence):
      if !evidence.isEmpty { await check.note(evidence.trimmingSuffix { $0.isNewline }) }
      return await check.failed("\(builder.keyPath) cannot be used", diagnosis)
    case .usable(let publicKey):
      if let recorded = builder.publicKey, !isSameKey(recorded, publicKey) {
        await check.note("\(builder.keyPath): \(publicKey)\nthe inventory: \(recorded)")
        return await check.failed(
          "not the key in the inventory", .keyNotRecorded(builder.keyPath, builder.alias))
      }
      return await check.passed("\(builder.keyPath), no passphrase")
    }
  }
}
