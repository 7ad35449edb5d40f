extension Inventory {
  /// Everything that is wrong with the answers, each with its place in the file.
  public func problems() -> [Problem] {
    var problems: [Problem] = []
    if let jobs = local.maxJobs, jobs < 0 {
      problems.append(Problem(place: "local.maxJobs", "\(jobs) is below 0."))
    }
    if local.maxJobs == 0, !local.distributedBuilds {
      problems.append(
        Problem(
          place: "local.maxJobs",
          "With 0 nothing is built here, and without distributedBuilds nowhere else either."))
    }
    var first: [String: Int] = [:]
    for (index, builder) in builders.enumerated() {
      problems += builder.problems(at: "builders[\(index)]")
      // Two names that differ in case only would still be one `Host` to ssh.
      let name = builder.alias.lowercased()
      if let other = first[name] {
        problems.append(
          Problem(
            place: "builders[\(index)].alias",
            "\"\(builder.alias)\" is the alias of builders[\(other)] already."))
      }
      first[name] = first[name] ?? index
    }
    return problems
  }
}

extension Builder {
  /// Everything that is wrong with this builder's answers, each with its place below `place`.
  public func problems(at place: String = "") -> [Problem] {
    let prefix = place.isEmpty ? "" : "\(place)."
    var problems: [Problem] = []
    func check(_ key: String, _ problem: String?) {
      if let problem { problems.append(Problem(place: prefix + key, problem)) }
    }
    check("alias", Rules.alias(alias))
    check("address", Rules.address(address))
    check("port", Rules.port(String(port)))
    check("proxyJump", proxyJump.flatMap(Rules.proxyJump))
    check("user", Rules.user(user))
    check("keyPath", Rules.keyPath(keyPath))
    check("publicKey", publicKey.flatMap(Rules.publicKey))
    check("hostKey", hostKey.flatMap(Rules.publicKey))
    check("systems", systems.isEmpty ? "At least one system is needed." : nil)
    for (index, system) in systems.enumerated() { check("systems[\(index)]", Rules.system(system)) }
    check("maxJobs", Rules.maxJobs(String(maxJobs)))
    if !(speedFactor > 0 && speedFactor <= Rules.highestSpeedFactor) {
      check("speedFactor", "\(speedFactor) is not a number above 0, such as 1 or 2.5.")
    }
    for (index, feature) in supportedFeatures.enumerated() {
      check("supportedFeatures[\(index)]", Rules.feature(feature))
    }
    for (index, feature) in mandatoryFeatures.enumerated() {
      check("mandatoryFeatures[\(index)]", Rules.feature(feature))
    }
    return problems + account.problems(at: prefix + "account")
  }
}

extension Account {
  func problems(at place: String) -> [Problem] {
    var problems: [Problem] = []
    func check(_ key: String, _ problem: String?) {
      if let problem { problems.append(Problem(place: "\(place).\(key)", problem)) }
    }
    check("description", Rules.description(description))
    check("uid", uid.flatMap { Rules.userID(String($0), of: self) })
    check("group", group.flatMap(Rules.user))
    check("gid", gid.flatMap { Rules.id(String($0)) })
    if authorizedKeys == .keyFiles {
      check("keyFile", Rules.path(keyFile ?? ""))
    }
    for (index, port) in (sshdPorts ?? []).enumerated() {
      check("sshdPorts[\(index)]", Rules.port(String(port)))
    }
    for (index, system) in emulatedSystems.enumerated() {
      check("emulatedSystems[\(index)]", Rules.system(system))
    }
    for (index, feature) in (systemFeatures ?? []).enumerated() {
      check("systemFeatures[\(index)]", Rules.feature(feature))
    }
    return problems
  }
}
