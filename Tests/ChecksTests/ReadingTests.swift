import Builders
import Fragments
import Testing

@testable import Checks
@testable import Nix
@testable import Processes

@Suite("What is read from other programs") struct ReadingTests {
  @Test("a login's facts are read, and only what comes before them is noise")
  func facts() throws {
    let output = """
      nix-builders: begin
      nix-builders: machine Linux x86_64
      nix-builders: processors 16
      nix-builders: nix-daemon /run/current-system/sw/bin/nix-daemon
      nix-builders: nix-store
      nix-builders: version nix-daemon (Nix) 2.34.8
      nix-builders: socket open
      extra-platforms = aarch64-linux i686-linux
      system = x86_64-linux
      system-features = benchmark big-parallel kvm nixos-test
      nix-builders: end

      """
    let facts = try #require(RemoteFacts(output: output))
    #expect(facts.noise == "")
    #expect(facts.machine == "Linux x86_64")
    #expect(facts.programs == ["nix-daemon": "/run/current-system/sw/bin/nix-daemon"])
    #expect(facts.socket == .open)
    #expect(
      facts.capabilities
        == RemoteCapabilities(
          nixVersion: "2.34.8", systems: ["x86_64-linux", "aarch64-linux", "i686-linux"],
          features: ["benchmark", "big-parallel", "kvm", "nixos-test"], processors: 16))
  }

  @Test("what a start-up file prints is noise, also without a line end")
  func noise() {
    #expect(
      RemoteFacts(output: "Welcome\nto forge\nnix-builders: begin\n")?.noise == "Welcome\nto forge")
    #expect(RemoteFacts(output: "Welcome nix-builders: begin\n")?.noise == "Welcome")
  }

  @Test("an answer that is not the script's has no facts")
  func otherAnswer() {
    #expect(RemoteFacts(output: "This account is currently not available.\n") == nil)
    #expect(RemoteFacts(output: "") == nil)
  }

  @Test("the script runs in sh and says what it should")
  func script() async throws {
    let result = await Command(["sh", "-c", RemoteFacts.script()], timeLimit: .seconds(60)).run()
    let facts = try #require(RemoteFacts(output: result.output))
    #expect(result.succeeded)
    #expect(facts.machine?.isEmpty == false)
    #expect((facts.capabilities.processors ?? 0) >= 1)
    #expect(facts.socket != nil)
  }

  @Test(
    "the store's answer is read in its old words and as JSON",
    arguments: [
      ("nix-2.8.0", "store-good", "2.8.0", nil),
      ("nix-2.34.8", "store-good-json", "2.34.8", true),
      ("nix-2.34.8", "store-good", "2.34.8", true),
      ("nix-2.34.8", "store-untrusted-json", "2.34.8", false),
      ("nix-2.34.8", "store-untrusted", "2.34.8", false),
    ] as [(String, String, String, Bool?)])
  func store(version: String, name: String, nix: String, trusted: Bool?) throws {
    func text(_ stream: String) -> String {
      String(decoding: Transcripts.bytes(version, "\(name).\(stream)"), as: UTF8.self)
    }
    let answer = try #require(StoreAnswer(output: text("out"), error: text("err")))
    #expect(answer.version == nix)
    #expect(answer.trusted == trusted)
  }

  @Test("what is not a store's answer is none")
  func noStore() {
    #expect(StoreAnswer(output: "", error: "error: unexpected end-of-file\n") == nil)
  }

  @Test("versions compare by their numbers")
  func versions() {
    #expect(NixVersion("2.8.0") < NixVersion("2.19"))
    #expect(NixVersion("2.34.8") > NixVersion("2.19"))
    #expect(NixVersion("2.19pre20231019_abc") == NixVersion("2.19"))
    #expect(NixVersion(printed: "nix (Nix) 2.34.8\n")?.text == "2.34.8")
    #expect(NixVersion(printed: "no version") == nil)
  }

  @Test("a builders setting is read with its comments, separators and files")
  func machines() throws {
    let folder = try #require(PrivateDirectory())
    defer { folder.remove() }
    let inner = try #require(folder.write("ssh-ng://inner x86_64-linux\n", to: "inner"))
    let file = try #require(
      folder.write("# all of them\n@\(inner)\npi aarch64-linux # slow\n\n", to: "machines"))
    let loop = try #require(folder.write("@\(folder.path)/loop\n", to: "loop"))
    let setting = "@\(file) ; ssh://root@mac x86_64-darwin;;@/no/such/file\n@\(loop)"
    #expect(
      NixMachine.all(inSetting: setting).map(\.url.text)
        == ["ssh-ng://inner", "ssh://pi", "ssh://root@mac"])
  }

  @Test("the full store URL carries the line's key and host key")
  func fullURL() throws {
    let plain = try NixMachine("ssh-ng://forge x86_64-linux - 1 1 kvm - -")
    #expect(plain.fullURL == "ssh-ng://forge")
    let line = try NixMachine("ssh-ng://u@h x86_64-linux /root/a+b 1 1 - - c3No/Q==")
    #expect(
      line.fullURL
        == "ssh-ng://u@h?ssh-key=/root/a%2Bb&base64-ssh-public-host-key=c3No/Q%3D%3D")
  }

  @Test("Nix's settings are read from its JSON")
  func settings() {
    let json = #"{"builders":{"value":"@/etc/nix/machines"},"system":{"value":"x86_64-linux"}}"#
    #expect(NixSettings(json: json)?.builders == "@/etc/nix/machines")
    #expect(NixSettings(json: json)?.system == "x86_64-linux")
    #expect(NixSettings(json: "error") == nil)
  }

  @Test("what nix build --json prints names the derivation and its output")
  func built() {
    let json =
      #"[{"drvPath":"/nix/store/a.drv","outputs":{"dev":"/nix/store/d","out":"/nix/store/o"}}]"#
    let built = BuiltDerivation(json: json)
    #expect(built?.derivation == "/nix/store/a.drv")
    #expect(built?.output == "/nix/store/o")
    #expect(BuiltDerivation(json: "[]") == nil)
  }

  @Test("addresses are listed once each, in their order")
  func addresses() {
    let output = """
      192.0.2.7       STREAM forge.lan
      192.0.2.7       DGRAM
      2001:db8::7     STREAM
      """
    #expect(Resolve.addresses(in: output) == ["192.0.2.7", "2001:db8::7"])
  }

  @Test("a scanned host key is read without the host and the remarks")
  func hostKey() {
    let output = "# 10.0.0.2:22 SSH-2.0-OpenSSH_9.2p1\n[10.0.0.2]:2222 ssh-ed25519 AAAAC3\n"
    #expect(HostKey.firstKey(in: output) == "ssh-ed25519 AAAAC3")
    #expect(HostKey.firstKey(in: "# nothing\n") == nil)
  }
}
