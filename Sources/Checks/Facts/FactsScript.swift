import Builders

extension RemoteFacts {
  /// What a line that is one begins with.
  static let mark = "nix-builders: "

  /// Asks a machine for all that is to be known of it. Runs in any login shell, and in any POSIX sh
  /// then; in one line and without ' or !, since csh would trip over them.
  ///
  /// - Parameter account: the account that Nix is to log in to, when it is asked over another one,
  ///   which may get root's rights; `nil` when it is the one that is asked.
  public static func script(account: String? = nil) -> String {
    let further = account.map { rights + self.account($0) + sshd($0) } ?? []
    let commands = basics + settings + machine + further + ["say end"]
    return "exec sh -c '\(commands.joined(separator: "; "))'"
  }

  private static let basics = [
    #"say() { echo "nix-builders: $*"; }"#, "say begin", "say time $(date +%s)",
    "say machine $(uname -sm)",
    "say processors $(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null)",
    // As a login that runs one command finds them.
    "say nix-daemon $(command -v nix-daemon)", "say nix-store $(command -v nix-store)",
    "PATH=$PATH:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/sbin:/sbin",
    "say version $(nix-daemon --version 2>/dev/null || nix-store --version 2>/dev/null)",
    "s=/nix/var/nix/daemon-socket/socket",
    // Linux lists the sockets that somebody listens on, and marks them.
    "if [ -S $s ] && [ -w $s ] && [ -r /proc/net/unix ]; then "
      + "grep -q \" 00010000 .*$s\" /proc/net/unix && say socket open || say socket dead; "
      + "elif [ -S $s ] && [ -w $s ]; then say socket open; "
      + "elif [ -S $s ]; then say socket closed; else say socket absent; fi",
  ]

  private static let settings = [
    "f=\"--extra-experimental-features nix-command\"",
    "(nix $f config show 2>/dev/null || nix $f show-config 2>/dev/null) "
      + "| grep -E \"^(system|extra-platforms|system-features) = \"",
    "say emulators $(ls /proc/sys/fs/binfmt_misc 2>/dev/null)",
  ]

  private static let machine = [
    "sed -n \"s/^ID=/nix-builders: os /p; s/^PRETTY_NAME=/nix-builders: os-name /p\" "
      + "/etc/os-release 2>/dev/null",
    "if [ -e /etc/NIXOS ]; then say kind nixos; "
      + "elif command -v darwin-rebuild >/dev/null; then say kind nix-darwin; fi",
    "command -v sw_vers >/dev/null && say os-name macOS $(sw_vers -productVersion)",
    "say memory-kb $(sed -n \"s/^MemTotal: *//p\" /proc/meminfo 2>/dev/null)",
    "say memory $(sysctl -n hw.memsize 2>/dev/null)",
    "say space $(df -Pk /nix/store 2>/dev/null | tail -n 1)",
    // The permissions tell who may; opening it shows whether it works.
    "if [ -e /dev/kvm ]; then set -- $(ls -lnL /dev/kvm); say kvm $1 $4; "
      + "(: <>/dev/kvm) 2>/dev/null && say kvm-opens yes; fi",
    "say build-groups $(id -G nixbld1 2>/dev/null)", "say user $(id -u) $(id -un)",
  ]

  private static let rights = [
    "if [ $(id -u) = 0 ]; then r=; say sudo root; "
      + "elif command -v sudo >/dev/null; then "
      + "if sudo -n true 2>/dev/null; then r=\"sudo -n\"; say sudo silent; "
      + "else r=none; say sudo asks; fi; "
      + "else r=none; say sudo absent; fi"
  ]

  private static func account(_ name: String) -> [String] {
    // Nothing but what is an account's name gets into a command.
    guard Rules.user(name) == nil else { return [] }
    return [
      "if id -u \(name) >/dev/null 2>&1; then say account \(name) yes; "
        + "say account-entry $(getent passwd \(name)); say account-groups $(id -Gn \(name)); "
        + "else say account \(name) no; fi"
    ]
  }

  /// What sshd will do with a login from the same place. Whoever is not root lends it a host key:
  /// its own it cannot read then, and it wants one.
  private static func sshd(_ account: String) -> [String] {
    guard Rules.user(account) == nil else { return [] }
    let limits = SSHDLimits.keywords.joined(separator: "|")
    return [
      "a=${SSH_CONNECTION%% *}", "c=user=\(account),host=$a,addr=$a", "d=$(command -v sshd)",
      "t() { if [ \"$r\" = none ]; then k=$(mktemp -d) && "
        + "ssh-keygen -q -t ed25519 -N \"\" -f $k/key >/dev/null 2>&1 && "
        + "$d -T -h $k/key -C $c; rm -rf \"$k\"; else $r $d -T -C $c; fi; }",
      "[ -n \"$d\" ] && t 2>/dev/null | grep -E \"^(\(limits)) \" | sed \"s/^/nix-builders: sshd /\"",
      "grep -inE \"^[[:space:]]*(\(SSHDLimits.gates.joined(separator: "|")))[[:space:]]\" "
        + "/etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null "
        + "| sed \"s/^/nix-builders: sshd-line /\"",
    ]
  }
}
