import Base
import Builders

extension Builder {
  /// A digest of all answers on which a test's result hangs: all but whether the builder is on.
  public var fingerprint: String {
    let account = account
    let answers: [String] = [
      alias, address, "\(port)", proxyJump ?? "", "\(hostBlock)", user, keyPath, publicKey ?? "",
      hostKey ?? "", storeProtocol.rawValue, "\(maxJobs)", "\(speedFactor)",
      "\(account.create) \(account.systemUser) \(account.createHome) \(account.useDefaultShell)",
      "\(account.trusted) \(account.restricted)", account.description, account.group ?? "",
      account.uid.map { "\($0)" } ?? "", account.gid.map { "\($0)" } ?? "",
      account.authorizedKeys.rawValue, account.keyFile ?? "",
      account.sshdPorts.map { "\($0)" } ?? "",
    ]
    let lists = [
      systems, supportedFeatures, mandatoryFeatures, account.emulatedSystems,
      account.systemFeatures.map { ["set"] + $0 } ?? [],
    ]
    // Both separators are control characters, which no answer can have.
    let text =
      answers.joined(separator: "\u{1F}") + "\u{1E}"
      + lists.map { $0.joined(separator: "\u{1F}") }.joined(separator: "\u{1E}")
    return FNV.digest(text.utf8)
  }
}
