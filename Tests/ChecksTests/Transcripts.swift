import Glibc

/// What Nix and ssh really printed on two real machines, one folder for each version of Nix.
enum Transcripts {
  static let versions = ["nix-2.8.0", "nix-2.34.8"]

  /// A recorded stream, empty where nothing was printed.
  static func bytes(_ version: String, _ name: String) -> [UInt8] {
    guard let file = fopen("\(path(version))/\(name)", "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }

  /// The folder of a version.
  static func path(_ version: String) -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(folder)/Transcripts/\(version)"
  }

  /// A recorded file as text.
  static func text(_ version: String, _ name: String) -> String {
    String(decoding: bytes(version, name), as: UTF8.self)
  }

  /// Both streams of a case, as a check would keep them.
  static func evidence(_ version: String, _ name: String) -> String {
    String(decoding: bytes(version, "\(name).out") + bytes(version, "\(name).err"), as: UTF8.self)
  }
}
