import Base

/// What a fragment says in `nix.settings`.
struct NixSettings: Equatable {
  /// Name and value, as in nix.conf.
  private(set) var lines: [String] = []

  /// Lists that NixOS joins with those that other modules have said, such as that root is trusted.
  private static let joined = ["extra-platforms", "trusted-users"]

  /// Reads `nix.settings`: all that Nix knows may stand there, and Nix itself will judge it.
  mutating func read(_ option: Option) throws(PracticeError) {
    for (name, option) in try option.members() { add(name, try option.setting()) }
  }

  mutating func add(_ name: String, _ value: String) {
    lines.append("\(Self.joined.contains(name) ? "extra-" : "")\(name) = \(value)")
  }

  /// The lines for reading.
  var summary: [String] { lines.map { "nix.conf: \($0)" } }

  /// The part of a script that writes nix.conf, unless Nix does not like it.
  ///
  /// - Parameter base: the shell's word for what stands before it.
  func script(after base: String) -> String {
    let text = lines.map { $0 + "\n" }.joined()
    return """
      next=$(mktemp -d)
      { printf '%s' \(base); printf '%s' \(Shell.quoted(text)); } >"$next/nix.conf"
      # NixOS too lets Nix read it before it is used.
      said=$(NIX_CONF_DIR=$next nix-instantiate --store dummy:// --eval -E 1 2>&1 >/dev/null) ||
        fail "nix.settings: $said"
      case $said in *'unknown setting'*) fail "nix.settings: $said" ;; esac
      mv "$next/nix.conf" /etc/nix/nix.conf
      rmdir "$next"
      """
  }

  /// The function that the script calls.
  static let fail = """
    fail() {
      printf '%s\\n' "$*" >&2
      exit 1
    }
    """
}
