extension PracticeConnection {
  /// Makes of the builder what its fragment says, as `nixos-rebuild switch` there would. What an
  /// earlier fragment had made is gone afterwards.
  ///
  /// - Parameter file: the fragment's absolute path on the local machine.
  /// - Returns: what the builder has now, a line each.
  @discardableResult
  public func apply(remoteFragment file: String) async throws(PracticeError) -> [String] {
    let fragment = try await FragmentEvaluation.run(file, on: local)
    let configuration = try RemoteConfiguration(fragment)
    try await builder.run("apply \(file)", configuration.script(programs))
    return configuration.summary.map { "\(builder.hostName): \($0)" }
  }

  /// Makes of the local machine what its fragment says.
  ///
  /// - Parameter file: the fragment's absolute path on the local machine.
  /// - Returns: what the local machine has now, a line each.
  @discardableResult
  public func apply(localFragment file: String) async throws(PracticeError) -> [String] {
    let fragment = try await FragmentEvaluation.run(file, on: local)
    let configuration = try LocalConfiguration(fragment)
    try await local.run("apply \(file)", configuration.script)
    return configuration.summary.map { "\(local.hostName): \($0)" }
  }
}
