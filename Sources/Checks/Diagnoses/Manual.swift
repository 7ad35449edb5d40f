import Base

/// Where the manuals tell more, as addresses that stay the same from version to version.
enum Manual {
  /// A keyword of ssh_config(5).
  static func ssh(_ keyword: String) -> String {
    "https://man.openbsd.org/ssh_config#\(keyword)"
  }

  /// A keyword of sshd_config(5).
  static func sshd(_ keyword: String) -> String {
    "https://man.openbsd.org/sshd_config#\(keyword)"
  }

  /// A page of OpenSSH, with a section or an option of it.
  static func openSSH(_ page: String, _ section: String? = nil) -> String {
    "https://man.openbsd.org/\(page)" + (section.map { "#\($0)" } ?? "")
  }

  /// A setting of nix.conf.
  static func nix(_ setting: String) -> String {
    "https://nix.dev/manual/nix/latest/command-ref/conf-file.html#conf-\(setting)"
  }

  /// A page of Nix's manual.
  static func nixPage(_ page: String) -> String { "https://nix.dev/manual/nix/latest/\(page).html" }

  /// An option of NixOS; `<name>` is written `_name_`.
  static func nixOS(_ option: String) -> String {
    "https://nixos.org/manual/nixos/stable/options#opt-\(option)"
  }

  /// A page of the Linux man-pages, such as `8/ip-route`.
  static func linux(_ page: String) -> String {
    let parts = page.unicodeScalars.split(separator: "/")
    return "https://man7.org/linux/man-pages/man\(parts[0])/\(parts[1]).\(parts[0]).html"
  }

  /// Nix's own account of remote builds.
  static let remoteBuilds = nixPage("advanced-topics/distributed-builds")
  /// How keys are authorized, and what may stand before them.
  static let authorizedKeys = openSSH("sshd.8", "AUTHORIZED_KEYS_FILE_FORMAT")
}
