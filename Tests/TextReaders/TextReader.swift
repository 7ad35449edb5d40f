import Builders
import Checks
import Fragments
import Nix
import SSH

/// Something of the program that reads texts of others, for those who attack it. It may refuse a text,
/// and may neither crash nor take for ever.
public struct TextReader: Sendable {
  /// What the texts are.
  public let name: String
  /// Texts as they should be.
  public let examples: [String]
  /// Reads a text.
  public let read: @Sendable ([UInt8]) -> Void

  /// All of them.
  public static let all = [
    inventory, machines, log, knownHosts, sshConfiguration, sshOptions, evidence,
  ]

  private static let inventory = TextReader(
    name: "inventory",
    examples: [
      """
      { "version": 1, "builders": [{ "alias": "forge", "address": "192.0.2.7", "port": 22,
        "systems": ["x86_64-linux"], "maxJobs": 4, "speedFactor": 1.5, "unknown": [1, null],
        "account": { "uid": 500, "sshdPorts": [22], "description": "x" } }],
        "local": { "maxJobs": 0 } }
      """
    ]
  ) { bytes in
    // What is read has to be written so that it is read again.
    guard let inventory = try? InventoryFile.decode(bytes) else { return }
    _ = inventory.problems()
  }

  private static let machines = TextReader(
    name: "machines",
    examples: [
      "ssh-ng://nix@forge:2222?ssh-key=/root/k x86_64-linux,i686-linux /root/k 4 2.5 kvm gpu c3No\n",
      "forge x86_64-linux - 1 1 - - -; @/etc/x # comment\nssh://[fe80::1%25eth0]:22 - - 1\n",
    ]
  ) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    for entry in MachinesText.entries(in: text, of: "x", reading: { _ in nil }) {
      // What is read has to be printed so that it is read again.
      guard case .success(let machine) = entry.machine else { continue }
      _ = try? NixMachine(machine.text)
    }
  }

  private static let log = TextReader(
    name: "log",
    examples: [
      #"@nix {"action":"start","id":1,"level":3,"parent":0,"text":"building '/nix/store/x.drv'","type":105,"fields":["/nix/store/x.drv","ssh://forge",1,1]}"#
        + "\n" + #"@nix {"action":"result","fields":["hello \u001b[31m"],"id":1,"type":101}"# + "\n"
        + #"@nix {"action":"stop","id":1}"# + "\n",
      #"@nix {"action":"start","id":1,"level":0,"text":"","type":102}"# + "\n"
        + #"@nix {"action":"result","fields":[101,9223372036854775807],"id":1,"type":106}"# + "\n"
        + #"@nix {"action":"result","fields":[1,2,3,4],"id":1,"type":105}"# + "\n"
        + #"@nix {"action":"stop","id":1}"# + "\n",
      "these 2 derivations will be built:\n  /nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x.drv\n"
        + "building '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x.drv' on 'ssh://forge'...\nx> hi\n",
    ]
  ) { bytes in
    var reader = NixLogReader()
    var activities = NixActivities()
    bytes.withUnsafeBytes { bytes in
      let middle = bytes.count / 2
      for part in [bytes[..<middle], bytes[middle...]] {
        var batch = NixLogBatch()
        reader.read(UnsafeRawBufferPointer(rebasing: part), into: &batch)
        take(batch, into: &activities)
      }
    }
    var last = NixLogBatch()
    reader.finish(into: &last)
    take(last, into: &activities)
    activities.end(at: 2)
    _ = (activities.waitingCount, activities.expectedDownload)
  }

  private static func take(_ batch: NixLogBatch, into activities: inout NixActivities) {
    batch.forEach { id, count in
      _ = activities.owner(ofLines: count, of: id)
    } event: { event, _ in
      activities.apply(event, at: 1)
    }
  }

  private static let knownHosts = TextReader(
    name: "known_hosts",
    examples: [
      "forge,192.0.2.7 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== x\n[forge]:2222 ssh-rsa AAAA\n"
        + "|1|c2FsdA==|aGFzaA== ssh-rsa AAAA\n@revoked * ssh-rsa AAAA\n# comment\n"
    ]
  ) { bytes in
    _ = HostNames.inKnownHosts(String(decoding: bytes, as: UTF8.self))
  }

  private static let sshConfiguration = TextReader(
    name: "ssh_config",
    examples: ["Host forge \"two words\" *.lan\n  HostName=192.0.2.7\n\tInclude ~/.ssh/*.conf\n"]
  ) { bytes in
    _ = HostNames.inConfiguration(String(decoding: bytes, as: UTF8.self))
  }

  private static let sshOptions = TextReader(
    name: "ssh -G",
    examples: ["host forge\nhostname 192.0.2.7\nidentityfile ~/.ssh/%h\nproxyjump none\nport 22\n"]
  ) { bytes in
    let options = SSHOptions(printed: String(decoding: bytes, as: UTF8.self))
    _ = (options.identityFiles, options.proxyJump)
  }

  private static let evidence = TextReader(
    name: "evidence",
    examples: [
      "root@h: Permission denied (publickey,password).\n",
      "Authentication refused: bad ownership or modes for directory /x\n",
      "error: a 'x86_64-linux' with features {kvm} is required to build '/nix/store/x.drv', "
        + "but I am a 'x86_64-linux' with features {big-parallel}\n",
      "ssh: connect to host fe80::1 port 22: Network is unreachable\n",
      "Failed to find a machine for remote build!\nderivation: x\nrequired (system, features): "
        + "(x86_64-linux, [kvm])\n1 available machines:\n(systems, maxjobs, supportedFeatures, "
        + "mandatoryFeatures)\n([x86_64-linux], 1, [], [])\n",
    ]
  ) { bytes in
    _ = Diagnosis.recognise(
      String(decoding: bytes, as: UTF8.self),
      of: Builder(alias: "forge", address: "h", systems: ["x86_64-linux"]))
  }
}
