extension Inventory {
  /// Everything that is wrong with the answers, each with its place in the file.
  public func problems() -> [Problem] {
    var problems = local.answerProblems().map { $0.below("local") }
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
