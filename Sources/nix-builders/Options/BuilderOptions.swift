import ArgumentParser
import Builders
import Checks
import SSH

/// The answers about a builder, each named like its key in builders.json: those that take more than
/// their own line say, and all others from the table.
struct BuilderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The way to it: an address, user@host:port, ssh://…, the name of a Host block, or a whole ssh command.",
      discussion:
        "What it says beside the address fills in other answers; options of their own win.",
      valueName: "way"))
  var address: String?
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
  @OptionGroup var others: AnswerOptions<Builder>

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
    _ = reader.text(address, "address") { _ in nil }
    builder.address = answers.address
    builder.port = answers.port ?? builder.port
    builder.proxyJump = answers.proxyJump ?? builder.proxyJump
    builder.sshOptions.merge(answers.sshOptions) { _, typed in typed }
    if answers.address != address { complain("--address: \(answers.summary)") }
  }

  /// Puts the given answers in.
  func apply(to builder: inout Builder, _ reader: inout AnswerReader) {
    reader.members(sshOptions, "ssh-option", into: &builder.sshOptions, Rules.sshOption) {
      SSHKeyword($0)?.name ?? $0
    }
    reader.members(
      storeParameters, "store-parameter", into: &builder.storeParameters, Rules.storeParameter)
    others.apply(to: &builder, &reader)
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
    if !sshOptions.isEmpty {
      let texts = sshOptions.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
      sentences.append("Kept as ssh options: \(texts.joined(separator: ", ")).")
    }
    if !lost.isEmpty { sentences.append("Left out: \(lost.joined(separator: ", ")).") }
    return sentences.joined(separator: " ")
  }
}
