import Builders
import Fragments
import Nix
import Testing

/// What a line needs of the Nix that reads it.
@Suite("Lines that an older Nix cannot read")
struct NixNeedTests {
  private static let builder: Builder = {
    var builder = Builder(alias: "forge", address: "192.0.2.7", systems: ["x86_64-linux"])
    builder.speedFactor = 1.5
    return builder
  }()

  @Test("are named with what to do, and a newer one reads them")
  func speed() {
    #expect(
      Self.builder.problems(with: NixVersion("2.8.0")) == [
        "Nix 2.8.0 here reads no speed factor with a fraction, which takes 2.20. Take a whole number."
      ])
    for newer in ["2.20.0", "2.34.8"] {
      #expect(Self.builder.problems(with: NixVersion(newer)).isEmpty)
    }
    #expect(Self.builder.problems(with: nil).isEmpty)
    var whole = Self.builder
    whole.speedFactor = 2
    #expect(whole.problems(with: NixVersion("2.8.0")).isEmpty)
  }

  @Test(
    "are found in the line itself",
    arguments: [
      ("ssh-ng://forge:2222 - - 1 1", "2.30.1", [NixNeed.port]),
      ("ssh-ng://forge:2222 - - 1 1", "2.31.0", []),
      ("ssh-ng://[fd00::1] - - 1 1", "2.30.1", [.brackets]),
      ("ssh-ng://[fd00::1]:22 - - 1 1.5", "2.8", [.fractionalSpeed, .port, .brackets]),
      ("ssh-ng://nix@forge - - 1 2.0", "2.8", []),
    ])
  func lines(line: String, version: String, expected: [NixNeed]) throws {
    #expect(NixNeed.unmet(in: try NixMachine(line), by: NixVersion(version)) == expected)
  }

  @Test("are read by the installed Nix as the table says")
  func installed() async throws {
    let version = try #require(await NixVersion.installed())
    let reading = await MachinesReading.of(Self.builder.machineLine + "\n")
    if NixNeed.fractionalSpeed.isMet(by: version) {
      #expect(reading == .read)
    } else {
      #expect(
        reading
          == .refused(
            "failed to convert column #4 in a row: 'ssh-ng://forge x86_64-linux - 1 1.5 - - -' "
              + "to 'unsigned int'"))
    }
  }

  @Test("one bad line among good ones is found, and good ones alone are read")
  func oneBad() async {
    let good = "ssh-ng://forge x86_64-linux - 4 2 kvm - -\n"
    #expect(await MachinesReading.of(good + good) == .read)
    let bad = "ssh-ng://anvil x86_64-linux - x 2 - - -\n"
    guard case .refused(let reason) = await MachinesReading.of(good + bad) else {
      Issue.record("The bad line was not refused.")
      return
    }
    #expect(reason.contains("'ssh-ng://anvil x86_64-linux - x 2 - - -'"))
  }
}
