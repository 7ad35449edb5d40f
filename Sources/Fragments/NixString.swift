/// Strings of the Nix language.
public enum NixString {
  /// A string between quotation marks (Nix manual, "String literal").
  public static func quoted(_ string: String) -> String {
    let isPlain = string.utf8.allSatisfy { byte in
      byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        && byte != UInt8(ascii: "$")
    }
    if isPlain { return "\"\(string)\"" }
    var quoted = "\""
    var scalars = string.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "$" where next == "{": quoted += "\\$"
      // Nix has no place for it in a string.
      case "\0": break
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
