import Builders

extension CheckName {
  /// Nix is there, and on the PATH of a non-interactive shell.
  public static let remoteNix = CheckName(kind: "remote-nix")
}

/// `remote-nix`: Nix is there, and on the PATH of a non-interactive shell.
enum RemoteNix {
  static let check = Check(
    .remoteNix, { _ in "Nix" }, in: .login,
    needs: [.result(of: .login), .success(of: .store, where: Login.foundRestricted)],
    run: .here { check, handedOn in
      if let answer = await handedOn.value(StoreAnswer.self) { return await run(check, answer) }
      guard case .facts(let facts)? = await handedOn.value(Login.Outcome.self) else {
        return await missing(check)
      }
      return await run(check, facts)
    })

  private static func missing(_ check: RunningCheck) async -> CheckResult {
    await check.failed("\(check.builder.storeProgram) is not on the PATH", .noNix(check.builder))
  }

  static func run(_ check: RunningCheck, _ facts: RemoteFacts) async -> CheckResult {
    let builder = check.builder
    guard let program = facts.programs[builder.storeProgram] else {
      return await missing(check)
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
