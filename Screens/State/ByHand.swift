import Base
import Builders
import Fragments
import Interface

/// What the fragments say, for a machine that has no nixos-rebuild: each file with the lines that
/// belong there, and the commands.
public struct ByHand {
  /// One thing to do.
  struct Step: Equatable, Sendable {
    /// What it is.
    var purpose: String
    /// What is typed, or what a file is to hold.
    var lines: [String]
  }

  /// What is to be done, in order, all as root.
  let steps: [Step]

  /// What a builder needs.
  public init(on builder: Builder) {
    let (user, account) = (builder.user, builder.account)
    var steps: [Step] = []
    if account.create, user != "root" {
      // "*" is no password, as distinct from a locked account, which sshd does not let in.
      steps.append(
        Step(
          purpose: "make the account, without a password",
          lines: [
            "useradd --system --create-home --shell /bin/sh --password '*' \(Shell.quoted(user))"
          ]))
    }
    let key =
      builder.publicKey.map { (account.restricted ? builder.keyOptions + " " : "") + $0 }
      ?? "the public half of the key, which is not made yet"
    steps.append(
      Step(purpose: "in .ssh/authorized_keys in the home of \(user), add", lines: [key]))
    if account.trusted, user != "root" {
      steps.append(
        Step(purpose: "in /etc/nix/nix.conf, add", lines: ["extra-trusted-users = \(user)"]))
      steps.append(Step(purpose: "then", lines: ["systemctl restart nix-daemon"]))
    }
    self.steps = steps
  }

  /// What this machine needs.
  public init(here inventory: Inventory) {
    let builders = inventory.enabledBuilders
    var steps: [Step] = []
    let blocks = builders.map { $0.hostBlockText() }.filter { !$0.isEmpty }.joined()
    if !blocks.isEmpty {
      steps.append(
        Step(
          purpose: "at the beginning of /etc/ssh/ssh_config, add",
          lines: blocks.split(separator: "\n").map(String.init)))
    }
    let keys = builders.compactMap(\.knownHostsLine)
    if !keys.isEmpty {
      steps.append(Step(purpose: "in /etc/ssh/ssh_known_hosts, add", lines: keys))
    }
    steps.append(Step(purpose: "in /etc/nix/machines", lines: builders.map(\.machineLine)))
    let local = inventory.local
    steps.append(
      Step(
        purpose: "in /etc/nix/nix.conf",
        lines: [local.distributedBuilds ? "builders = @/etc/nix/machines" : "builders ="]
          + (local.buildersUseSubstitutes ? ["builders-use-substitutes = true"] : [])
          + (local.maxJobs.map { ["max-jobs = \($0)"] } ?? [])))
    self.steps = steps + [Step(purpose: "then", lines: ["systemctl restart nix-daemon"])]
  }

  /// The steps for reading.
  var lines: [StyledLine] {
    steps.flatMap { step in
      [StyledLine(step.purpose, Theme.muted)] + step.lines.map { StyledLine("  \($0)", hang: 4) }
    }
  }

  /// The steps as text, to copy.
  public var text: String {
    steps.map { step in
      "# \(step.purpose)\n" + step.lines.map { "\($0)\n" }.joined()
    }.joined()
  }
}
