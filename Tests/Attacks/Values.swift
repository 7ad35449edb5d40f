/// Hostile values in every option and in every key of `builders.json`.
enum Values: Campaign {
  static let name = "values"

  private static let options = [
    "address", "port", "proxy-jump", "user", "key-path", "public-key", "host-key", "protocol",
    "system", "max-jobs", "speed-factor", "supported-feature", "mandatory-feature",
    "account-description", "account-uid", "account-group", "account-gid",
    "account-authorized-keys", "account-key-file", "sshd-port", "emulated-system", "system-feature",
    "position", "alias",
  ]
  private static let keys = [
    "alias", "address", "port", "proxyJump", "user", "keyPath", "publicKey", "hostKey", "protocol",
    "systems", "maxJobs", "speedFactor", "supportedFeatures", "mandatoryFeatures", "enabled",
    "account", "hostBlock", "unknown",
  ]

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    for _ in 0..<(isShort ? 1 : 12) {
      for option in options { set(option: option, Hostile.value(&generator), &tally) }
      for key in keys {
        let text = Hostile.json(Hostile.value(&generator))
        let value =
          [text, "[\(text)]", "{\(text): \(text)}", "-1", "1e400", "null", "[[]]"]
          .randomElement(using: &generator) ?? text
        set(key: key, value, &tally)
      }
    }
  }

  /// A value that is taken has to lead to fragments that Nix can read, and to one machines line.
  private static func set(option: String, _ value: String, _ tally: inout Tally) {
    Folder.with { folder in
      folder.write(
        #"{ "builders": [{ "alias": "a", "address": "h", "systems": ["x86_64-linux"] }] }"#,
        to: "out/builders.json")
      let what = "edit a --\(option) \(value.debugDescription)"
      let result = Attempt.program("edit", "a", "--\(option)=\(value)", "--write", in: folder)
      tally.countHarmless(result, what)
      if result.ending == .exited(0) {
        look(at: folder, what, &tally)
      } else if ![.exited(64), .exited(65)].contains(result.ending) {
        tally.fail("\(what): \(result.ending) \(result.error)")
      }
    }
  }

  private static func set(key: String, _ value: String, _ tally: inout Tally) {
    Folder.with { folder in
      let others = [("alias", "\"a\""), ("address", "\"h\""), ("systems", "[\"x86_64-linux\"]")]
      let members = (others.filter { $0.0 != key } + [(key, value)]).map { "\"\($0.0)\": \($0.1)" }
      folder.write(
        "{ \"builders\": [{ \(members.joined(separator: ", ")) }] }", to: "out/builders.json")
      let what = "\(key): \(value.debugDescription)"
      let result = Attempt.program("write", in: folder)
      tally.countHarmless(result, what)
      if result.ending == .exited(0) {
        look(at: folder, what, &tally)
      } else if result.ending != .exited(65) {
        tally.fail("\(what): \(result.ending) \(result.error)")
      }
    }
  }

  private static func look(at folder: Folder, _ what: String, _ tally: inout Tally) {
    for words in [["list"], ["list", "--json"], ["machines"], ["show", "local"]] {
      let result = Attempt(
        ["\(Attempt.program)/nix-builders"] + words + ["--directory", folder.output]
      ).run(in: folder)
      tally.countHarmless(result, "\(words) after \(what)")
      guard words == ["machines"] else { continue }
      let lines = result.output.utf8.split(separator: 10)
      let columns = lines.first?.split(separator: 32).count ?? 8
      if lines.count > 1 || columns != 8 {
        tally.fail("\(what): machines has \(lines.count) lines, \(columns) columns")
      }
    }
  }
}
