import Builders
import Testing

@Suite("Where ssh is to go") struct SSHDestinationTests {
  /// A destination in few words: `user@host:port via JUMP key FILE [Option=value] minus LEFT OUT`.
  private func words(_ destination: SSHDestination) -> String {
    var text = destination.user.map { "\($0)@" } ?? ""
    text += destination.host
    text += destination.port.map { ":\($0)" } ?? ""
    text += destination.proxyJump.map { " via \($0)" } ?? ""
    text += destination.identityFile.map { " key \($0)" } ?? ""
    for option in destination.options { text += " [\(option.text)]" }
    for part in destination.leftOut { text += " minus \(part)" }
    return text
  }

  @Test(
    "is read from one word",
    arguments: [
      ("forge", "forge"),
      ("  forge.lan\t", "forge.lan"),
      ("\u{A0}192.0.2.7\n", "192.0.2.7"),
      ("lars@192.0.2.7", "lars@192.0.2.7"),
      ("forge:2222", "forge:2222"),
      ("lars@forge.lan:2222", "lars@forge.lan:2222"),
      ("[2001:db8::1]:2222", "2001:db8::1:2222"),
      ("[2001:db8::1]", "2001:db8::1"),
      ("2001:db8::1", "2001:db8::1"),
      ("fe80::1%eth0", "fe80::1%eth0"),
      ("lars@[fe80::1%eth0]:22", "lars@fe80::1%eth0:22"),
      ("lars@2001:db8::1", "lars@2001:db8::1"),
      ("ssh://lars@forge:2222", "lars@forge:2222"),
      ("ssh://forge/", "forge"),
      ("SSH://forge", "forge"),
      ("ssh-ng://nix@[2001:db8::1]:22", "nix@2001:db8::1:22"),
      ("ssh://[fe80::1%25eth0]", "fe80::1%eth0"),
      ("ssh-ng://nix@forge?ssh-key=/root/.ssh/k", "nix@forge key /root/.ssh/k"),
      ("ssh-ng://forge?compress=true", "forge minus compress=true"),
      ("ssh://forge/nix/store", "forge minus /nix/store"),
      ("lars@corp.example@forge", "lars@corp.example@forge"),
      ("ssh", "ssh"),
    ])
  func oneWord(_ text: String, _ expected: String) throws(Problem) {
    #expect(words(try SSHDestination(text)) == expected)
  }

  @Test(
    "is read from a command",
    arguments: [
      ("ssh forge", "forge"),
      ("ssh -p 2222 -J bastion user@host", "user@host:2222 via bastion"),
      ("ssh -p2222 lars@192.0.2.7", "lars@192.0.2.7:2222"),
      ("ssh lars@192.0.2.7 -p 2222", "lars@192.0.2.7:2222"),
      ("lars@192.0.2.7 -p 2222", "lars@192.0.2.7:2222"),
      ("-p 2222 forge", "forge:2222"),
      ("$ sudo ssh -l lars forge", "lars@forge"),
      ("/usr/bin/ssh forge", "forge"),
      ("ssh -l lars root@forge", "lars@forge"),
      ("ssh -i ~/.ssh/id_ed25519 forge", "forge key ~/.ssh/id_ed25519"),
      ("ssh -i '/home/lars/my key' forge", "forge key /home/lars/my key"),
      (#"ssh -i "/home/lars/my \"key" forge"#, #"forge key /home/lars/my "key"#),
      (#"ssh -i /home/lars/my\ key forge"#, "forge key /home/lars/my key"),
      ("ssh -o Port=2222 -o 'User lars' -oProxyJump=b forge", "lars@forge:2222 via b"),
      ("ssh -o HostName=192.0.2.7 forge", "192.0.2.7"),
      ("ssh -o IdentityFile=/root/.ssh/k forge", "forge key /root/.ssh/k"),
      ("ssh -J a,me@b:2200 forge", "forge via a,me@b:2200"),
      ("ssh -J none forge", "forge"),
      ("ssh -p 1 -p 2 forge", "forge:1"),
      (
        "ssh -o 'ProxyCommand=nc -X connect %h %p' forge",
        "forge [ProxyCommand=nc -X connect %h %p]"
      ),
      ("ssh -4C forge", "forge [AddressFamily=inet] [Compression=yes]"),
      ("ssh -o addressfamily=inet6 -4 forge", "forge [addressfamily=inet6]"),
      ("ssh -tt -vvp 2222 forge", "forge:2222"),
      ("ssh -A -L 80:localhost:80 forge", "forge minus -A minus -L 80:localhost:80"),
      ("ssh forge uname -a", "forge minus uname -a"),
      ("ssh -- forge", "forge"),
      ("ssh ssh://lars@forge:2222", "lars@forge:2222"),
      ("ssh lars@forge:2222", "lars@forge:2222"),
    ])
  func command(_ text: String, _ expected: String) throws(Problem) {
    #expect(words(try SSHDestination(text)) == expected)
  }

  @Test(
    "is refused with what is wrong in it",
    arguments: [
      ("", "An address is needed: a name, an IPv4 or an IPv6 address."),
      ("   ", "An address is needed: a name, an IPv4 or an IPv6 address."),
      ("lars@", "An address is needed: a name, an IPv4 or an IPv6 address."),
      ("@forge", "There is no user before the @."),
      ("forge:", "The port: A number is needed, such as 22."),
      ("forge:99999", "The port: \"99999\" is not a number from 1 to 65535."),
      ("forge:http", "The port: \"http\" is not a number from 1 to 65535."),
      ("192.0.2.256:22", "\"192.0.2.256\" is not an IPv4 address: four numbers from 0 to 255."),
      ("[2001:db8::1", "\"[2001:db8::1\" has no ] after the IPv6 address."),
      ("[forge]:22", "\"forge\" is not an IPv6 address."),
      ("[::1]22", "\"22\" after the ]: a port was expected, such as :22."),
      ("a:b:c", "\"a:b:c\" is not an IPv6 address."),
      ("https://forge", "\"https\": only ssh:// and ssh-ng:// lead to a builder."),
      (
        "ssh://lars:secret@forge",
        "\"lars:secret\": a user has no colon. Passwords are asked for later."
      ),
      ("la;rs@forge", "The user: \"la;rs\" is not the name of an account."),
      ("-l@forge", "The user: \"-l\" starts with -."),
      ("forge\u{301}", "\"forge\u{301}\" has U+0301. Write such a name in its xn-- form."),
      ("ssh -p forge", "The port: \"forge\" is not a number from 1 to 65535."),
      ("ssh -p", "-p has no value behind it."),
      ("ssh -p 22", "The command names no host."),
      ("ssh -J a;b forge", ";: the ssh command alone, please."),
      ("ssh -J 'a;b' forge", "The bastion: \"a;b\" has ;. A name has letters, digits, dots and -."),
      ("ssh -Z forge", "ssh has no option \"-Z\"."),
      ("ssh --help x", "ssh has no option \"--\"."),
      ("ssh -i 'a forge", "A closing ' is missing."),
      ("ssh -i $HOME/k forge", "$ would be replaced by your shell. Write what it stands for."),
      ("ssh forge | cat", "|: the ssh command alone, please."),
      ("ssh forge \\", "Something was expected after the \\ at the end."),
      ("ssh -o Port forge", "-o \"Port\": it looks like -o Keyword=value."),
      ("ssh -o 'Po;rt=1' forge", "-o \"Po;rt=1\": it looks like -o Keyword=value."),
      ("not an address", "\"not an address\" has a blank. A name has letters, digits, dots and -."),
      ("for ge", "\"for ge\" has a blank. A name has letters, digits, dots and -."),
    ])
  func refused(_ text: String, _ message: String) {
    #expect(SSHDestination.problem(in: text) == message)
  }

  @Test("no special character with a mark on it gets through")
  func marks() {
    let marks = ["\u{301}", "\u{FE0F}", "\u{200D}"]
    for special in "@:/[]?#;%\"\\$ '`|&<>*!-".unicodeScalars.map(String.init) {
      for mark in marks {
        for text in ["fo\(special)\(mark)rge", "l\(special)\(mark)@forge", "\(special)\(mark)"] {
          guard let destination = try? SSHDestination(text) else { continue }
          #expect(destination.host.utf8.allSatisfy { $0 < 0x80 })
          #expect((destination.user ?? "").utf8.allSatisfy { $0 < 0x80 })
        }
      }
    }
  }
}

@Suite("The answers that a line about the way gives") struct DestinationAnswersTests {
  private let candidates = [
    HostCandidate(
      "work", from: .hostBlock,
      to: {
        var block = SSHDestination(host: "192.0.2.7")
        block.user = "lars"
        block.port = 2222
        block.proxyJump = "bastion"
        block.options = [SSHDestination.Option("ProxyCommand", "nc %h %p")]
        return block
      }()),
    HostCandidate(
      "ssh-ng://nix@pi.lan", from: .machines, account: "nix", keyPath: "/root/.ssh/pi"),
  ].compactMap(\.self)

  @Test("an address gives itself, its port, and a name")
  func address() throws(Problem) {
    let answers = try DestinationAnswers("lars@forge.lan:2222")
    #expect(answers.address == "forge.lan")
    #expect(answers.port == 2222)
    #expect(answers.alias == "forge")
    #expect(answers.login == TypedLogin(user: "lars"))
    #expect(answers.account == nil)
    #expect(try DestinationAnswers("192.0.2.7").alias == "builder")
    #expect(try DestinationAnswers("2001:db8::1").alias == "builder")
  }

  @Test("the name of a Host block gives what the block says, and what is typed beside it wins")
  func hostBlock() throws(Problem) {
    let answers = try DestinationAnswers("work", knowing: candidates)
    #expect(answers.address == "192.0.2.7")
    #expect(answers.port == 2222)
    #expect(answers.proxyJump == "bastion")
    #expect(answers.alias == "work")
    #expect(answers.login.user == "lars")
    #expect(answers.sshOptions == ["ProxyCommand": "nc %h %p"])
    #expect(answers.lost.isEmpty)
    let typed = try DestinationAnswers("ssh -p 22 root@work", knowing: candidates)
    #expect(typed.port == 22)
    #expect(typed.login.user == "root")
    #expect(typed.proxyJump == "bastion")
  }

  @Test("one of Nix's machines gives Nix's account and key, and nobody's login")
  func machine() throws(Problem) {
    let answers = try DestinationAnswers(" ssh-ng://nix@pi.lan ", knowing: candidates)
    #expect(answers.address == "pi.lan")
    #expect(answers.account == "nix")
    #expect(answers.keyPath == "/root/.ssh/pi")
    #expect(answers.alias == "pi")
    #expect(answers.login == TypedLogin())
  }

  @Test(
    "a candidate whose words cannot be true is none",
    arguments: ["", "-oProxyCommand=x", "a b", "a\u{1B}]0;x\u{7}", "https://x", "x;reboot"])
  func hostile(_ text: String) {
    #expect(HostCandidate(text, from: .avahi) == nil)
    #expect(HostCandidate("fine", from: .avahi, to: SSHDestination(host: text)) == nil)
  }
}
