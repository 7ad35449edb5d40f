extension Builder {
  /// The names of its options of ssh and of the settings of its store.
  public var optionNames: [String] { sshOptions.keys.sorted() + storeParameters.keys.sorted() }

  /// `user@address`, with the port where it is not 22.
  public var place: String {
    let host = Rules.isIPv6(address) && port != 22 ? "[\(address)]" : address
    return "\(user)@\(host)" + (port == 22 ? "" : ":\(port)")
  }

  /// The speed factor as one would write it: 2 rather than 2.0.
  public var speedText: String {
    speedFactor == speedFactor.rounded() && speedFactor < 1e15
      ? String(Int(speedFactor)) : String(speedFactor)
  }
}
