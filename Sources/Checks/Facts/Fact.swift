import Builders
import Processes

/// One thing that a builder says of itself, as it is told.
public struct Fact: Equatable, Sendable {
  /// What it is about, in a word or two.
  public var title: String
  /// What is so.
  public var detail: String
  /// What speaks against it as a builder, or needs to be known; `nil` for nothing.
  public var warning: Diagnosis?

  /// Whether a builder can be one in spite of the warning.
  public var isFatal: Bool {
    warning.map { [.factsNoNix, .factsShutOut].contains($0.identity) } ?? false
  }

  private init(_ title: String, _ detail: String, _ warning: Diagnosis? = nil) {
    self.title = title
    self.detail = detail
    self.warning = warning
  }
}

extension Fact {
  /// What a builder says, thing by thing.
  ///
  /// - Parameters:
  ///   - builder: what it is to be.
  ///   - clock: by how many seconds its clock is ahead; `nil` when that is little, or unknown.
  public static func all(
    _ facts: RemoteFacts, of builder: Builder, clock: Int? = nil
  ) -> [Fact] {
    [
      Fact("system", systemText(facts)), nix(facts, builder), Fact("hardware", hardware(facts)),
      Fact("systems", systems(facts)), features(facts, builder), sudo(facts), account(facts),
      sshd(facts, builder), self.clock(clock, builder),
    ].compactMap(\.self).filter { !$0.detail.isEmpty }
  }

  private static func systemText(_ facts: RemoteFacts) -> String {
    [facts.system.name ?? facts.system.id, facts.machine].compactMap(\.self).joined(separator: ", ")
  }

  private static func nix(_ facts: RemoteFacts, _ builder: Builder) -> Fact {
    if let version = facts.nixVersion {
      let isFound = facts.programs[builder.storeProgram] != nil
      return isFound
        ? Fact("Nix", version)
        : Fact(
          "Nix", "\(version), not on the PATH of a login that runs one command", .noNix(builder))
    }
    return Fact(
      "Nix", "there is none",
      Diagnosis(
        .factsNoNix, cause: "No Nix was found on \(builder.alias).",
        remedy: "Install it there, for all users and with its daemon.",
        manual: Manual.nixPage("installation/multi-user")))
  }

  private static func hardware(_ facts: RemoteFacts) -> String {
    let processors = facts.capabilities.processors.map {
      $0 == 1 ? "1 processor" : "\($0) processors"
    }
    let memory = facts.memory.map { "\(amount($0)) of memory" }
    let space = facts.space.map { "\(amount($0)) free for the store" }
    return [processors, memory, space].compactMap(\.self).joined(separator: ", ")
  }

  /// An amount of bytes, in whole units.
  private static func amount(_ bytes: Int) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"]
    var amount = bytes / 1024
    var unit = 0
    while amount >= 10 * 1024, unit + 1 < units.count {
      amount /= 1024
      unit += 1
    }
    return "\(amount) \(units[unit])"
  }

  private static func systems(_ facts: RemoteFacts) -> String {
    let emulated = facts.emulatedSystems
    return facts.capabilities.systems.map { system in
      emulated.contains(system) ? "\(system) (emulated)" : system
    }.joined(separator: " ")
  }

  private static func features(_ facts: RemoteFacts, _ builder: Builder) -> Fact? {
    if facts.capabilities.systems.isEmpty { return nil }
    let features = facts.capabilities.features
    let detail = features.isEmpty ? "none" : features.joined(separator: " ")
    guard features.contains("kvm"), facts.kvm != .usable else { return Fact("features", detail) }
    let (what, remedy, command): (String, String, ShellCommand?) =
      switch facts.kvm {
      case .absent:
        (
          "there is no /dev/kvm",
          "Virtualisation is off in its firmware, or the module kvm is not loaded. Until then kvm is "
            + "not claimed.", "modprobe kvm_intel || modprobe kvm_amd"
        )
      case .closed:
        (
          "the accounts that build may not open /dev/kvm",
          "Let them, such as with a udev rule. Until then kvm is not claimed.",
          "chmod 666 /dev/kvm"
        )
      case .broken, .usable:
        ("/dev/kvm cannot be opened", "Until it works there kvm is not claimed.", nil)
      }
    return Fact(
      "features", "\(detail); \(what)",
      Diagnosis(
        .factsKVM, cause: "Nix on \(builder.alias) announces kvm, but \(what).",
        remedy: remedy, command: command, manual: Manual.nix("system-features")))
  }

  private static func sudo(_ facts: RemoteFacts) -> Fact? {
    let user = facts.user ?? "the account"
    return switch facts.sudo {
    case .root: Fact("sudo", "not needed, it is root")
    case .silent: Fact("sudo", "\(user) is not asked for a password")
    case .asks: Fact("sudo", "asks \(user) for a password")
    case .absent:
      Fact(
        "sudo", "there is none",
        Diagnosis(
          .factsNoSudo,
          cause: "\(user) is not root, and there is no sudo to become it.",
          remedy: "Log in as root, or let somebody who can apply the fragment."))
    case nil: nil
    }
  }

  private static func account(_ facts: RemoteFacts) -> Fact? {
    guard let account = facts.account else { return nil }
    let id = account.userID.map { ", uid \($0)" } ?? ""
    return Fact(
      "account",
      account.exists ? "\(account.name) is there\(id)" : "\(account.name) is not there yet")
  }

  private static func sshd(_ facts: RemoteFacts, _ builder: Builder) -> Fact? {
    guard let sshd = facts.sshd else {
      return facts.sudo == nil ? nil : Fact("sshd", "does not say what it allows")
    }
    let groups = facts.account.flatMap { $0.exists ? $0.groups : nil } ?? [builder.groupName]
    let limits = [
      sshd.maxSessions.map { "\($0) sessions a connection" },
      sshd.maxStartups.map { "MaxStartups \($0)" },
    ].compactMap(\.self).joined(separator: ", ")
    guard let obstacle = sshd.obstacle(user: builder.user, groups: groups) else {
      return Fact("sshd", "lets \(builder.user) in" + (limits.isEmpty ? "" : "; \(limits)"))
    }
    return Fact("sshd", "keeps \(builder.user) out", sshd.diagnosis(of: obstacle, builder))
  }

  private static func clock(_ difference: Int?, _ builder: Builder) -> Fact? {
    difference.map {
      let warning = Diagnosis.clockDiffers(builder, seconds: $0)
      return Fact("clock", $0 > 0 ? "ahead of this machine's" : "behind this machine's", warning)
    }
  }
}

extension SSHDLimits {
  fileprivate func diagnosis(of obstacle: Obstacle, _ builder: Builder) -> Diagnosis {
    let user = builder.user
    let place = line(of: obstacle).map { " (\($0))" } ?? ""
    let (cause, remedy): (String, String) =
      switch obstacle {
      case .notAllowed(let setting):
        (
          "sshd on \(builder.alias) lets in only those whom \(setting) names\(place).",
          "Add \(setting == "AllowUsers" ? user : "the group \(builder.groupName)") to that line, on "
            + "NixOS with services.openssh.settings.\(setting), or log in with an account that it "
            + "names."
        )
      case .denied(let setting):
        (
          "\(setting) on \(builder.alias) keeps \(user) out\(place).",
          "Take it out of that line, or choose another account."
        )
      case .noKeys:
        (
          "sshd on \(builder.alias) takes no keys from \(user) (PubkeyAuthentication no).",
          "Allow it there: services.openssh.settings.PubkeyAuthentication = true;"
        )
      case .noRoot:
        (
          "sshd on \(builder.alias) lets root in by no means (PermitRootLogin no).",
          "Choose another account, or allow keys: "
            + "services.openssh.settings.PermitRootLogin = \"prohibit-password\";"
        )
      case .forcedCommand(let command):
        (
          "sshd on \(builder.alias) runs \(command) whatever \(user) asks for (ForceCommand).",
          "Except \(user) from it with a Match block."
        )
      case .noSessions:
        (
          "sshd on \(builder.alias) gives \(user) no session (MaxSessions 0).",
          "Raise MaxSessions there."
        )
      }
    return Diagnosis(
      .factsShutOut, cause: cause, remedy: remedy,
      manual: Manual.openSSH("sshd_config.5", "AllowUsers"))
  }
}
