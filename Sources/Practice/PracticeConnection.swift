import Base
import Builders
import FoundationEssentials

/// The way to both machines: what the program that started them has, and what one that runs on the
/// local machine finds in its environment.
public struct PracticeConnection: Sendable {
  /// The machine at which `nix build` is typed.
  public let local: Machine
  /// The machine on which the builds run.
  public let builder: Machine
  let programs: Programs
  private let options: PracticeOptions

  init(local: Machine, builder: Machine, programs: Programs, options: PracticeOptions) {
    self.local = local
    self.builder = builder
    self.programs = programs
    self.options = options
  }

  private static let variable = "NIX_BUILDERS_PRACTICE"

  /// What a program on the local machine finds in its environment: the builder's first process as
  /// seen there, its port, its further systems, its features, and the folder that is kept.
  static func environment(
    builder: Int32, _ options: PracticeOptions
  ) -> (name: String, value: String) {
    let lists = [options.extraPlatforms, options.systemFeatures]
    let words = lists.map { $0.joined(separator: ",") }
    let kept = options.keptFolder ?? ""
    return (variable, "\(builder) \(options.port) \(words.joined(separator: " ")) \(kept)")
  }

  /// Finds the machines from within the local one; `nil` anywhere else.
  public static func inherited(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> PracticeConnection? {
    let words = (environment[variable] ?? "").unicodeScalars.split(
      separator: " ", maxSplits: 4, omittingEmptySubsequences: false
    ).strings
    guard words.count >= 4, let builder = Int32(words[0]), let port = Int(words[1]) else {
      return nil
    }
    var options = PracticeOptions()
    options.port = port
    options.extraPlatforms = words[2].unicodeScalars.split(separator: ",").strings
    options.systemFeatures = words[3].unicodeScalars.split(separator: ",").strings
    options.keptFolder = words.dropFirst(4).first.flatMap { $0.isEmpty ? nil : $0 }
    let programs = Programs.find()
    // The first process has id 1 on its own machine.
    return PracticeConnection(
      local: Machine(pid: 1, hostName: Machine.localName, programs: programs),
      builder: Machine(pid: builder, hostName: Machine.builderName, programs: programs),
      programs: programs,
      options: options)
  }

  /// The answers that the wizard is filled in with: what there is to know of the builder before
  /// anybody has logged in.
  public var suggestedBuilder: Builder {
    var builder = Builder(
      alias: "forge", address: Network.builder.v4,
      systems: [PracticeOptions.system] + options.extraPlatforms.filter { $0 == "i686-linux" })
    builder.port = options.port
    builder.maxJobs = 2
    builder.supportedFeatures = options.systemFeatures
    return builder
  }

  /// The folder of this computer that outlives the machines; `nil` for none.
  public var keptFolder: String? { options.keptFolder }

  /// How one logs in as an administrator of the builder, in a sentence.
  public var administratorLogin: String {
    let users = programs.path(of: "sudo") == nil ? "root" : "root and of admin"
    return "root here has a key for root on \(builder.hostName); the password of \(users) there is "
      + "\(BuilderSetup.password)."
  }

  private func giveAdministratorKey() async throws(PracticeError) {
    let key = "/root/.ssh/id_ed25519"
    let made = await local.script(
      "ssh-keygen -q -t ed25519 -N '' -C root@\(local.hostName) -f \(key); cat \(key).pub"
    ).run()
    guard made.succeeded else { throw .failed(step: "administrator's key", reason: made.reason) }
    try await builder.run(
      "administrator's key",
      """
      mkdir -p -m 700 /root/.ssh
      \(writing(made.output, to: "/root/.ssh/authorized_keys"))
      """)
  }

  /// Turns two sets of bare namespaces into the machines.
  func setUp(builderInside pid: Int32) async throws(PracticeError) {
    try await local.run("network", Network.cable(toBuilder: pid))
    func files(_ root: String?, keeping folder: String? = nil) -> String {
      Files.script(
        storeMegabytes: options.storeMegabytes,
        foreignRoot: root.map { ForeignRoot(path: $0, program: options.program) },
        keeping: folder)
    }
    async let laptop: Void = local.run(
      "set up",
      """
      \(files(options.localRoot, keeping: options.keptFolder))
      \(Network.script(hostName: local.hostName, address: Network.local))
      \(LocalSetup.script)
      \(Rebuild.local.script(program: options.program))
      """)
    async let forge: Void = builder.run(
      "set up",
      """
      \(files(options.builderRoot))
      mkdir -p \(Services.directory)
      \(Network.script(hostName: builder.hostName, address: Network.builder))
      \(BuilderSetup.script(options, programs: programs))
      \(Rebuild.builder.script(program: options.program))
      """)
    do {
      _ = try await (laptop, forge)
      if options.givesAdministratorKey { try await giveAdministratorKey() }
    } catch let error as PracticeError {
      throw error
    } catch {
      throw .failed(step: "set up", reason: "\(error)")
    }
  }
}
