extension Builder {
  /// Whether a way that was found to this builder is the way to the other one too: all that the
  /// `Host` block says, but for who logs in.
  public func isReached(like other: Builder) -> Bool {
    sshOptions == other.sshOptions
      && Builder.answers.allSatisfy { answer in
        guard let line = answer.hostBlockLine, !line.isOfLogin else { return true }
        return answer.typed(self) == answer.typed(other)
      }
  }

  /// Whether an alias that has changed is all that tells them apart.
  public func isSameMachine(as other: Builder) -> Bool {
    if let hostKey, hostKey == other.hostKey { return true }
    return address == other.address && port == other.port && user == other.user
  }
}
