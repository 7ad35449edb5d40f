import Base
import Builders
import Fragments
import Glibc

extension NixMachine {
  /// The machines of a `builders` setting, without the entries that Nix would refuse.
  package static func all(inSetting setting: String) -> [NixMachine] {
    MachinesText.entries(in: setting, of: "builders", reading: readMachinesFile)
      .compactMap { try? $0.machine.get() }
  }

  /// The store URL with what the other columns add to the connection.
  package var fullURL: String {
    var parameters: [StoreURL.Parameter] = []
    if let keyPath { parameters.append(.init("ssh-key", keyPath)) }
    if let publicHostKey {
      parameters.append(.init("base64-ssh-public-host-key", publicHostKey))
    }
    return url.adding(parameters)
  }
}

/// The content of a file that a machines text names after `@`; `nil` when there is none.
package func readMachinesFile(_ path: String) throws(Problem) -> String? {
  do throws(FileFault) {
    return try WholeFile(path, atMost: .hosts).text
  } catch {
    if error == .failed(ENOENT) { return nil }
    throw Problem("\(path) cannot be read: \(error)")
  }
}
