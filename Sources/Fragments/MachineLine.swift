import Builders

extension Builder {
  /// The store URL that Nix on the local machine uses, such as `ssh-ng://forge`.
  public var storeURL: String {
    StoreURL(
      storeProtocol: storeProtocol, user: usesHostBlock ? nil : user, host: hostName,
      parameters: urlParameters
    ).text
  }

  /// What the store URL names: the alias or, without a `Host` block, the address.
  public var hostName: String { usesHostBlock ? alias : address }

  /// What `nix.buildMachines` calls `hostName`: NixOS puts it behind the protocol as it is, so the
  /// parameters of the store URL stand in it too.
  var hostNameOption: String { hostName + StoreURL.text(of: urlParameters) }

  /// What stands behind the `?` of the store URL; empty when nothing does.
  public var storeParametersText: String {
    String(StoreURL.text(of: urlParameters).unicodeScalars.dropFirst())
  }

  private var urlParameters: [StoreURL.Parameter] {
    storeParameters.sorted { $0.key < $1.key }.map { StoreURL.Parameter($0, $1) }
  }

  /// Takes what stands in `hostName` of `nix.buildMachines` behind the name, the way back from
  /// ``hostNameOption``.
  mutating func read(parametersOf url: StoreURL) {
    storeParameters = [:]
    for parameter in url.parameters
    where Rules.storeParameter(parameter.name, parameter.value) == nil {
      storeParameters[parameter.name] = parameter.value
    }
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
