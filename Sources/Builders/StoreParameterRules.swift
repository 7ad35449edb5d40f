import Base

extension Rules {
  /// What is wrong with a setting of a store URL; `nil` for nothing.
  public static func storeParameter(_ name: String, _ value: String) -> String? {
    let scalars = name.unicodeScalars
    guard let first = scalars.first, ("a"..."z").contains(first),
      scalars.allSatisfy({
        ("a"..."z").contains($0) || $0.isDigit || $0 == "-" || $0 == "_"
      }), scalars.count <= 63
    else { return "\(quoted(name)) is no setting of a store. They look like remote-program." }
    switch name {
    case "ssh-key": return "It has an answer of its own: the key path."
    case "base64-ssh-public-host-key": return "It has an answer of its own: the host key."
    case "system-features": return "It has answers of its own: the features."
    default: break
    }
    if !value.unicodeScalars.allSatisfy(\.isVisible) {
      return "The value has a line break or another control character."
    }
    return value.utf8.count > 1000 ? "The value is longer than 1000 bytes." : nil
  }

  static func problems(ofStoreParameters parameters: [String: String]) -> [Problem] {
    parameters.sorted { $0.key < $1.key }.compactMap { name, value in
      storeParameter(name, value).map { Problem(place: name, $0) }
    }
  }
}
