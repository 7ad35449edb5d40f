import Nix
import Builders
import Checks
import Fragments
import Glibc

/// Texts of others, mutated by seed, through all that reads such texts.
enum Parsers: Campaign {
  static let name = "parsers"

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    let seed = generator.next() >> 1
    let size = isShort ? 2000 : 20000
    // In a process of its own, which may crash.
    Folder.with { folder in
      for part in 0..<(isShort ? 1 : 25) {
        let first = seed &+ UInt64(part * size)
        let result = Attempt(
          ["\(Attempt.program)/Attacks", "--parsers", "\(first)", "\(size)"], seconds: 300
        ).run(in: folder)
        for _ in 1..<size { tally.count() }
        tally.count(result, "--parsers \(first) \(size): \(result.output)")
      }
    }
  }

  /// Reads so many texts.
  static func run(seed: UInt64, count: Int) {
    let readers: [(name: String, read: ([UInt8]) -> Void)] = [
      ("inventory", { _ = try? InventoryFile.decode($0) }),
      (
        "machines",
        { bytes in
          let text = String(decoding: bytes, as: UTF8.self)
          for entry in MachinesText.entries(in: text, of: "x", reading: { _ in nil }) {
            // What is read has to be printed so that it is read again.
            guard case .success(let machine) = entry.machine else { continue }
            _ = try? NixMachine(machine.text)
          }
        }
      ),
      ("log", { readLog($0) }),
      (
        "ssh",
        { bytes in
          let options = SSHOptions(printed: String(decoding: bytes, as: UTF8.self))
          _ = (options.identityFiles, options.proxyJump)
        }
      ),
      (
        "evidence",
        { bytes in
          _ = Diagnosis.recognise(
            String(decoding: bytes, as: UTF8.self),
            of: Builder(alias: "forge", address: "h", systems: ["x86_64-linux"]))
        }
      ),
    ]
    for number in 0..<UInt64(count) {
      var generator = Generator(seed: seed &+ number)
      guard let (name, read) = readers.randomElement(using: &generator) else { return }
      let bytes = Corpus.text(for: name, &generator)
      // What is being read stands in the output when it crashes.
      let mark = Array("seed \(seed &+ number), \(name)\n".utf8)
      _ = mark.withUnsafeBytes { pwrite(STDOUT_FILENO, $0.baseAddress, $0.count, 0) }
      ftruncate(STDOUT_FILENO, mark.count)
      read(bytes)
    }
  }

  private static func readLog(_ bytes: [UInt8]) {
    var reader = NixLogReader()
    var batch = NixLogBatch()
    bytes.withUnsafeBytes { bytes in
      let middle = bytes.count / 2
      reader.read(UnsafeRawBufferPointer(rebasing: bytes[..<middle]), into: &batch)
      reader.read(UnsafeRawBufferPointer(rebasing: bytes[middle...]), into: &batch)
    }
    reader.finish(into: &batch)
  }
}

/// What texts are mutations of.
private enum Corpus {
  private static let texts: [String: [String]] = [
    "inventory": [
      """
      { "version": 1, "builders": [{ "alias": "forge", "address": "192.0.2.7", "port": 22,
        "systems": ["x86_64-linux"], "maxJobs": 4, "speedFactor": 1.5, "unknown": [1, null],
        "account": { "uid": 500, "sshdPorts": [22], "description": "x" } }],
        "local": { "maxJobs": 0 } }
      """
    ],
    "machines": [
      "ssh-ng://nix@forge:2222?ssh-key=/root/k x86_64-linux,i686-linux /root/k 4 2.5 kvm gpu c3No\n",
      "forge x86_64-linux - 1 1 - - -; @/etc/x # comment\nssh://[fe80::1%25eth0]:22 - - 1\n",
    ],
    "log": [
      #"@nix {"action":"start","id":1,"level":3,"parent":0,"text":"building '/nix/store/x.drv'","type":105,"fields":["/nix/store/x.drv","ssh://forge",1,1]}"#
        + "\n" + #"@nix {"action":"result","fields":["hello \u001b[31m"],"id":1,"type":101}"# + "\n"
        + #"@nix {"action":"stop","id":1}"# + "\n",
      "these 2 derivations will be built:\n  /nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x.drv\n"
        + "building '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x.drv' on 'ssh://forge'...\nx> hi\n",
    ],
    "ssh": ["host forge\nhostname 192.0.2.7\nidentityfile ~/.ssh/%h\nproxyjump none\nport 22\n"],
    "evidence": [
      "root@h: Permission denied (publickey,password).\n",
      "Authentication refused: bad ownership or modes for directory /x\n",
      "error: a 'x86_64-linux' with features {kvm} is required to build '/nix/store/x.drv', "
        + "but I am a 'x86_64-linux' with features {big-parallel}\n",
      "ssh: connect to host fe80::1 port 22: Network is unreachable\n",
      "Failed to find a machine for remote build!\nderivation: x\nrequired (system, features): "
        + "(x86_64-linux, [kvm])\n1 available machines:\n(systems, maxjobs, supportedFeatures, "
        + "mandatoryFeatures)\n([x86_64-linux], 1, [], [])\n",
    ],
  ]

  static func text(for name: String, _ generator: inout Generator) -> [UInt8] {
    var bytes = Array((texts[name]?.randomElement(using: &generator) ?? "").utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) { mutate(&bytes, &generator) }
    return bytes
  }

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, place + Int.random(in: 0...20, using: &generator))
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 2: bytes.insert(contentsOf: Hostile.value(&generator).utf8, at: place)
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 4:
      bytes.replaceSubrange(
        place..<end, with: "\(Int64.random(in: .min ... .max, using: &generator))".utf8)
    default: bytes.removeSubrange(place...)
    }
  }
}
