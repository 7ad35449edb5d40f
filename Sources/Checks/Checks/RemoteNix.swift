import Builders

/// `remote-nix`: Nix is there, and on the PATH of a non-interactive shell.
enum RemoteNix {
  static func run(_ check: RunningCheck, _ facts: RemoteFacts) async -> CheckResult {
    let builder = check.builder
    guard let program = facts.programs[builder.storeProgram] else {
      return await check.failed("\(builder.storeProgram) is not on the PATH", .noNix(builder))
    }
    let finding = Finding.capabilities(facts.capabilities)
    guard let version = facts.nixVersion else {
      return await check.passed(program, finding: finding)
    }
    return await check.passed("Nix \(version)", finding: finding)
  }

  /// With a restricted key, by what the store says.
  static func run(_ check: RunningCheck, _ answer: StoreAnswer) async -> CheckResult {
    let finding = Finding.capabilities(RemoteCapabilities(nixVersion: answer.version))
    return await check.passed(answer.version.map { "Nix \($0)" } ?? "Nix", finding: finding)
  }
}
