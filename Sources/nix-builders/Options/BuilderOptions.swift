import SSH
import ArgumentParser
import Builders
import Checks

/// The answers about a builder, each named like its key in builders.json.
///
/// All are texts, so that what is wrong with them is said in the words of the wizard.
struct BuilderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The way to it: an address, user@host:port, ssh://…, the name of a Host block, or a whole ssh command.",
      discussion:
        "What it says beside the address fills in other answers; options of their own win.",
      valueName: "way"))
  var address: String?
  @Option(help: "The port that sshd answers on, as seen from here (default: 22).")
  var port: String?
  @Option(help: "A bastion to go through, as ssh's ProxyJump; empty for none.")
  var proxyJump: String?
  @Option(
    name: .customLong("ssh-option"),
    help: ArgumentHelp(
      "A line of the Host block for which there is no other option, such as "
        + "ProxyCommand='ssh -W %h:%p jump'; give one option for each. KEYWORD= takes one away, "
        + "\"\" all.",
      valueName: "keyword=value"))
  var sshOptions: [String] = []
  @Option(
    name: .customLong("store-parameter"),
    help: ArgumentHelp(
      "What stands behind ? in the store URL, such as compress=true; give one option for each. "
        + "NAME= takes one away, \"\" all.",
      valueName: "name=value"))
  var storeParameters: [String] = []
  @Flag(
    inversion: .prefixedNo,
    help: "Whether an ssh Host block carries the connection, or nix.buildMachines alone.")
  var hostBlock: Bool?
  @Option(help: "The account on the builder (default: nixremote).")
  var user: String?
  @Option(help: "The private key on this machine (default: /root/.ssh/ALIAS).")
  var keyPath: String?
  @Option(
    help: "The public half of the key; empty for none. Left out, the one at the key path is taken.")
  var publicKey: String?
  @Option(help: "The builder's own public key, such as \"ssh-ed25519 AAAA…\"; empty for none.")
  var hostKey: String?
  @Option(name: .customLong("protocol"), help: "ssh-ng or ssh (default: ssh-ng).")
  var storeProtocol: String?
  @Option(
    name: .customLong("system"),
    help: ArgumentHelp("A system it builds for; give one option for each.", valueName: "system"))
  var systems: [String] = []
  @Option(help: "How many builds run there at once (default: 1).")
  var maxJobs: String?
  @Option(help: "How fast it is compared with others (default: 1).")
  var speedFactor: String?
  @Option(
    name: .customLong("supported-feature"),
    help: ArgumentHelp("A feature it offers; give one option for each.", valueName: "feature"))
  var supportedFeatures: [String] = []
  @Option(
    name: .customLong("mandatory-feature"),
    help: ArgumentHelp(
      "A feature that builds must require; give one option for each.", valueName: "feature"))
  var mandatoryFeatures: [String] = []
  @Flag(inversion: .prefixedNo, help: "Whether the builder is part of the configuration.")
  var enabled: Bool?

  /// Puts in what the way to the builder says, and tells what that is beside an address. The other
  /// options come after it, and win.
  func applyAddress(to builder: inout Builder, _ reader: inout AnswerReader) async {
    guard let address, let typed = try? SSHDestination(address),
      let answers = try? DestinationAnswers(
        address, knowing: await HostSearch.block(of: typed.host))
    else {
      _ = reader.text(address, "address") { SSHDestination.problem(in: $0) }
      return
    }
    builder.address = answers.address
    builder.port = answers.port ?? builder.port
    builder.proxyJump = answers.proxyJump ?? builder.proxyJump
    if answers.address != address { complain("--address: \(answers.summary)") }
  }

  /// Puts the given answers in.
  func apply(to builder: inout Builder, _ reader: inout AnswerReader) {
    if let port = reader.text(port, "port", Rules.port).flatMap({ Int($0) }) { builder.port = port }
    if let text = reader.optional(proxyJump, "proxy-jump", Rules.proxyJump) {
      builder.proxyJump = text
    }
    reader.members(sshOptions, "ssh-option", into: &builder.sshOptions, Rules.sshOption) {
      SSHKeyword($0)?.name ?? $0
    }
    reader.members(
      storeParameters, "store-parameter", into: &builder.storeParameters, Rules.storeParameter)
    if let answer = reader.flag(hostBlock) { builder.hostBlock = answer }
    if let text = reader.text(user, "user", Rules.user) { builder.user = text }
    if let text = reader.text(keyPath, "key-path", Rules.keyPath) { builder.keyPath = text }
    if let text = reader.optional(publicKey, "public-key", Rules.publicKey) {
      builder.publicKey = text
    }
    if let text = reader.optional(hostKey, "host-key", Rules.publicKey) { builder.hostKey = text }
    if let choice = reader.choice(storeProtocol, "protocol", StoreProtocol.self) {
      builder.storeProtocol = choice
    }
    if let list = reader.list(systems, "system", Rules.system) { builder.systems = list }
    if let jobs = reader.text(maxJobs, "max-jobs", Rules.maxJobs).flatMap({ Int($0) }) {
      builder.maxJobs = jobs
    }
    if let speed = reader.text(speedFactor, "speed-factor", Rules.speedFactor)
      .flatMap({ Double($0) })
    {
      builder.speedFactor = speed
    }
    if let list = reader.list(supportedFeatures, "supported-feature", Rules.feature) {
      builder.supportedFeatures = list
    }
    if let list = reader.list(mandatoryFeatures, "mandatory-feature", Rules.feature) {
      builder.mandatoryFeatures = list
    }
    if let answer = reader.flag(enabled) { builder.enabled = answer }
  }
}

extension DestinationAnswers {
  /// What a line about the way was taken for.
  fileprivate var summary: String {
    var parts = ["address \(address)"]
    if let port { parts.append("port \(port)") }
    if let proxyJump { parts.append("through \(proxyJump)") }
    var sentences = [parts.joined(separator: ", ") + "."]
    if let user = login.user {
      sentences.append("\(user) is who logs in today; Nix's own account is --user.")
    }
    if let key = login.identityFile {
      sentences.append("\(key) is the key of that login; Nix's own is --key-path.")
    }
    if !lost.isEmpty { sentences.append("Left out: \(lost.joined(separator: ", ")).") }
    return sentences.joined(separator: " ")
  }
}
