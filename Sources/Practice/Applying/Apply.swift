extension PracticeConnection {
  /// Makes of the builder what its fragment says, as `nixos-rebuild switch` there would. What an
  /// earlier fragment had made is gone afterwards.
  ///
  /// - Parameter file: the fragment's absolute path on the local machine.
  public func apply(remoteFragment file: String) async throws(PracticeError) {
    let fragment = try await FragmentEvaluation.run(file, on: local)
    let configuration = try RemoteConfiguration(fragment)
    try await builder.run("apply \(file)", configuration.script(programs))
  }

  /// Makes of the local machine what its fragment says.
  ///
  /// - Parameter file: the fragment's absolute path on the local machine.
  public func apply(localFragment file: String) async throws(PracticeError) {
    let fragment = try await FragmentEvaluation.run(file, on: local)
    let configuration = try LocalConfiguration(fragment)
    try await local.run("apply \(file)", configuration.script)
  }
}
