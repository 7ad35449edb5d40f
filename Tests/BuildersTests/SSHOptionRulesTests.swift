import Testing

@testable import Builders

@Suite("Options of ssh and settings of the store")
struct SSHOptionRulesTests {
  @Test(
    "are taken as they stand in a Host block",
    arguments: [
      ("ProxyCommand", "ssh -W %h:%p -i '/a b' jump # with a comment"),
      ("ProxyCommand", "none"), ("SetEnv", "LANG=C \"A=b c\""), ("Compression", "YES"),
      ("ConnectTimeout", "none"), ("ConnectTimeout", "1h30m"), ("ServerAliveInterval", "0"),
      ("ServerAliveCountMax", "3"), ("HostKeyAlgorithms", "+ssh-rsa,ssh-ed25519"),
      ("ControlPath", "~/.ssh/%C"), ("LogLevel", "debug2"), ("IPQoS", "af21 cs1"),
      ("LocalCommand", "echo \\\"hello"),
    ])
  func right(keyword: String, text: String) {
    #expect(Rules.sshOption(keyword, text) == nil)
  }

  @Test(
    "cannot break out of their place, and cannot make ssh refuse its configuration",
    arguments: [
      ("ProxyCommand", "a\nHost *", "The value has a line break or another control character."),
      ("ProxyCommand", "a\u{2028}b", "The value has a line break or another control character."),
      ("ProxyCommand", "", "A value is needed."),
      ("ProxyCommand", " nc", "The value begins or ends with a blank."),
      ("ProxyCommand", "=nc", "The value begins with =, which ssh passes over."),
      ("ProxyCommand", "nc 'a", "A quotation mark is not closed."),
      ("ProxyCommand", "nc \\", "The value ends with a backslash."),
      ("SetEnv", "A=b #c", "A word begins with #, which would begin a comment."),
      ("SetEnv", "\"\"", "A word of it is empty."),
      ("ServerAliveInterval", "-1", "\"-1\" is not a time, such as 60 or 2m."),
      ("ServerAliveInterval", "none", "\"none\" is not a time, such as 60 or 2m."),
      ("ConnectTimeout", "m", "\"m\" is not a time, such as 60 or 2m."),
      ("ServerAliveCountMax", "3s", "\"3s\" is not a number from 0 to 1000000."),
      ("StrictHostKeyChecking", "no", "The accepted host key is pinned, and ssh takes no other."),
      ("RequestTTY", "yes", "Nix says what runs on the builder, and speaks to it."),
      ("Include", "/x", "It says which lines count, and a Host block stands by itself."),
      ("IdentitiesOnly", "yes", "It is always yes: the key of the key path logs in."),
    ])
  func wrong(keyword: String, text: String, problem: String) {
    #expect(Rules.sshOption(keyword, text) == problem)
  }

  @Test("say what they run on this machine")
  func runs() {
    #expect(SSHKeyword("proxycommand")?.runs == "runs a command on this machine")
    #expect(SSHKeyword("PKCS11Provider")?.runs == "loads a library into ssh")
    #expect(SSHKeyword("Compression")?.runs == nil)
    #expect(SSHKeyword("Compresion") == nil)
  }

  @Test(
    "words are parted as ssh parts them",
    arguments: [
      ("a  b", ["a", "b"]), ("\"a b\"c d", ["a bc", "d"]), ("'a\"b' c", ["a\"b", "c"]),
      ("a\\\"b", ["a\"b"]), ("\"\"", [""]), ("", []), ("a\\ b", ["a b"]), ("\"a\\\\\"", ["a\\"]),
    ] as [(String, [String])])
  func words(text: String, words: [String]) {
    #expect(SSHKeyword.words(of: text) == words)
  }

  @Test(
    "settings of a store",
    arguments: [
      ("remote-program", "/opt/nix/bin/nix-daemon --x", nil), ("compress", "true", nil),
      ("Compress", "true", "\"Compress\" is no setting of a store. They look like remote-program."),
      ("a", "b\nc", "The value has a line break or another control character."),
      ("base64-ssh-public-host-key", "x", "It has an answer of its own: the host key."),
    ] as [(String, String, String?)])
  func storeParameter(name: String, value: String, problem: String?) {
    #expect(Rules.storeParameter(name, value) == problem)
  }
}
