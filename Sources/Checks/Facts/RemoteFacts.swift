import Builders
import SSH

/// What a builder says of itself in one login, over the account that Nix uses or over another.
public struct RemoteFacts: Equatable, Sendable {
  /// What was printed before the first command ran: by a start-up file of the shell.
  var noise = ""
  /// The kernel and the hardware, such as `Linux x86_64`.
  public internal(set) var machine: String?
  /// Where nix-daemon and nix-store are found, `nil` when they are not on the PATH.
  var programs: [String: String] = [:]
  /// The version of Nix.
  public internal(set) var nixVersion: String?
  /// The daemon's socket as the login sees it.
  var socket: Socket?
  /// The builder's clock, in seconds since 1970.
  var time: Int?
  /// What its Nix says.
  public internal(set) var capabilities = RemoteCapabilities(nixVersion: nil)
  /// What it runs.
  public internal(set) var system = OperatingSystem()
  /// The memory, in bytes.
  public internal(set) var memory: Int?
  /// What is free where the store lies, in bytes.
  public internal(set) var space: Int?
  /// The emulators that its kernel starts programs of other systems with (binfmt_misc).
  public internal(set) var emulators: [String] = []
  /// Hardware virtualisation.
  public internal(set) var kvm = KVM.absent
  /// The account over which it was asked.
  public internal(set) var user: String?
  /// Whether that account may do what root may.
  public internal(set) var sudo: Sudo?
  /// The account that Nix is to log in to; `nil` when nobody has asked about it.
  public internal(set) var account: RemoteAccount?
  /// What sshd allows to that account; `nil` when it could not be asked.
  public internal(set) var sshd: SSHDLimits?
  /// Whether it came to its end.
  public internal(set) var isWhole = false

  /// The daemon's socket.
  enum Socket: String, Sendable {
    /// Somebody listens there, and the account may connect.
    case open
    /// The account may not connect.
    case closed
    /// It is there, and nobody listens.
    case dead
    /// It is not there.
    case absent
  }

  /// How an account gets root's rights.
  public enum Sudo: String, Sendable {
    /// It is root.
    case root
    /// With sudo, which does not ask.
    case silent
    /// With sudo, which wants a password or knows the account not at all.
    case asks
    /// There is no sudo.
    case absent
  }

  /// Hardware virtualisation, which the feature kvm stands for.
  public enum KVM: String, Sendable {
    /// There is no /dev/kvm.
    case absent
    /// Builds can use it.
    case usable
    /// The accounts that build may not open it.
    case closed
    /// Opening it fails.
    case broken
  }
}

/// An operating system.
public struct OperatingSystem: Equatable, Sendable {
  /// What tells them apart that are configured in different ways.
  public enum Kind: String, Sendable {
    /// NixOS.
    case nixOS = "nixos"
    /// macOS with nix-darwin.
    case nixDarwin = "nix-darwin"
  }

  /// Its kind; `nil` for any other.
  public internal(set) var kind: Kind?
  /// Its name as it calls itself, such as `NixOS 25.11 (Xantusia)`.
  public internal(set) var name: String?
  /// Its short name, such as `nixos` or `debian`.
  var id: String?
}

/// An account on a builder.
public struct RemoteAccount: Equatable, Sendable {
  /// Its name.
  public internal(set) var name: String
  /// Whether it is there.
  public internal(set) var exists: Bool
  /// Its user id.
  public internal(set) var userID: Int?
  /// What it is for (GECOS).
  var description: String?
  /// The groups that it is in.
  public internal(set) var groups: [String] = []
}

extension RemoteFacts {
  /// Keeps what an administrator's login has told, which the account that Nix uses does not.
  public mutating func keep(from earlier: RemoteFacts) {
    sudo = sudo ?? earlier.sudo
    account = account ?? earlier.account
    sshd = sshd ?? earlier.sshd
  }

  /// By how many seconds the builder's clock is ahead; `nil` when that is little, or unknown.
  ///
  /// - Parameters:
  ///   - begin: this machine's clock before the login.
  ///   - end: and after it.
  public func clockDifference(_ begin: Int, _ end: Int) -> Int? {
    guard let time else { return nil }
    let difference = time > end ? time - end : time < begin ? time - begin : 0
    return difference.magnitude > 60 ? difference : nil
  }

  /// The systems that it builds for only by emulation.
  public var emulatedSystems: [String] {
    capabilities.systems.dropFirst().filter { system in
      let processor = system.utf8.prefix { $0 != UInt8(ascii: "-") }
      // QEMU's name for all of 32 bits.
      let family =
        processor.starts(with: "armv".utf8) ? "arm" : String(decoding: processor, as: UTF8.self)
      return emulators.contains { $0 == system || $0 == "qemu-\(family)" }
    }
  }
}
