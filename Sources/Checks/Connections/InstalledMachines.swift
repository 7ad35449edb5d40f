import Base
import Builders
import Fragments
import Glibc

extension NixMachine {
  /// The machines of a `builders` setting, without the entries that Nix would refuse.
  static func all(inSetting setting: String) -> [NixMachine] {
    MachinesText.entries(in: setting, of: "builders", reading: readMachinesFile)
      .compactMap { try? $0.machine.get() }
  }

  /// The store URL with what the other columns add to the connection.
  var fullURL: String {
    var parameters: [String] = []
    if let keyPath { parameters.append("ssh-key=\(percentEncoded(keyPath))") }
    if let publicHostKey {
      parameters.append("base64-ssh-public-host-key=\(percentEncoded(publicHostKey))")
    }
    if parameters.isEmpty { return url.text }
    return url.text + (url.text.unicodeScalars.contains("?") ? "&" : "?")
      + parameters.joined(separator: "&")
  }
}

/// The content of a file that a machines text names after `@`; `nil` when there is none.
func readMachinesFile(_ path: String) throws(Problem) -> String? {
  do throws(FileFault) {
    return try WholeFile(path, atMost: .hosts).text
  } catch {
    if error == .failed(ENOENT) { return nil }
    throw Problem("\(path) cannot be read: \(error)")
  }
}

private func percentEncoded(_ text: String) -> String {
  var encoded = ""
  for byte in text.utf8 {
    if byte.scalar.isLetterOrDigit || "-._~/".utf8.contains(byte) {
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return encoded
}
