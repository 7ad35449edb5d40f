import Builders

extension Builder {
  /// The store URL that Nix on the local machine uses, such as `ssh-ng://forge`.
  public var storeURL: String {
    "\(storeProtocol.rawValue)://\(usesHostBlock ? alias : "\(user)@\(address)")"
  }

  /// The builder as one line of /etc/nix/machines: store URL, systems, key, jobs, speed factor,
  /// features, mandatory features, host key; `-` for an empty column. It is the line that NixOS
  /// makes of the builder's entry in `nix.buildMachines`.
  public var machineLine: String {
    // Nix wants mandatory features among the others.
    let features =
      supportedFeatures + mandatoryFeatures.filter { !supportedFeatures.contains($0) }
    return [
      column([storeURL]), column(systems), column(usesHostBlock ? [] : [keyPath]),
      "\(maxJobs)", decimal(speedFactor), column(features), column(mandatoryFeatures),
      publicHostKey ?? "-",
    ].joined(separator: " ")
  }
}

/// A column. What would end it or the line cannot stand there and is left out.
private func column(_ values: [String]) -> String {
  let scalars = values.joined(separator: ",").unicodeScalars.filter {
    $0 > " " && $0 != ";" && $0 != "#"
  }
  return scalars.isEmpty ? "-" : String(scalars)
}
