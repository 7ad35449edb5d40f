import Builders
import Fragments
import Testing

@testable import Checks
@testable import SSH

@Suite("The hosts that others tell of") struct HostSearchTests {
  @Test("of known_hosts: names and ports, and nothing hashed, marked or patterned")
  func knownHosts() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1v"
    let text = """
      # a comment
      forge.lan,192.0.2.7 \(key)
      [box.lan]:2200 \(key)
      [2001:db8::1]:2200 \(key)
      |1|abc=|def= \(key)
      @cert-authority *.lan \(key)
      *.example,!no.example,yes.example \(key)\r
      """
    #expect(
      HostNames.inKnownHosts(text) == [
        "forge.lan", "192.0.2.7", "box.lan:2200", "[2001:db8::1]:2200", "yes.example",
      ])
  }

  @Test("of an ssh configuration: its Host blocks without patterns, and what it includes")
  func configuration() {
    let found = HostNames.inConfiguration(
      """
      Include conf.d/* ~/more
      Host work "home box"
        HostName 192.0.2.7
      HOST=pi
      Host *.lan !bad plain
      Match host x
      """)
    #expect(found.names == ["work", "home", "box", "pi", "plain"])
    #expect(found.includes == ["conf.d/*", "~/more"])
  }

  @Test("of avahi: each sshd once, with its port")
  func avahi() {
    let text = """
      +;eth0;IPv4;pi;_ssh._tcp;local
      =;eth0;IPv4;pi;_ssh._tcp;local;pi.local;192.0.2.7;22;
      =;eth0;IPv6;pi;_ssh._tcp;local;pi.local;2001:db8::7;22;
      =;eth0;IPv4;box\\032two;_ssh._tcp;local;box.local;192.0.2.8;2200;"a;b"
      =;eth0;IPv4;evil;_ssh._tcp;local;x\u{1B}]52;c;cm0=\u{7};192.0.2.9;22;
      =;eth0;IPv4;evil;_ssh._tcp;local;-oProxyCommand=reboot;192.0.2.9;22;
      =;eth0;IPv4;evil;_ssh._tcp;local;fine.local;192.0.2.9;99999999999999999999;
      =;short
      """
    #expect(Avahi.candidates(in: text).map(\.text) == ["pi.local", "box.local:2200"])
  }

  @Test("of tailscale: the names of the peers, or their addresses")
  func tailscale() {
    let text = """
      {"Version": "1.80", "Self": {"DNSName": "me.ts.net."}, "Peer": {
        "a": {"DNSName": "pi.tail1.ts.net.", "TailscaleIPs": ["100.64.0.2"], "Online": true},
        "b": {"TailscaleIPs": ["100.64.0.3"]},
        "c": {"DNSName": "x;reboot", "TailscaleIPs": ["100.64.0.4"]},
        "d": {"DNSName": "\\u001b]0;title\\u0007"} } }
      """
    #expect(Tailscale.candidates(in: text).map(\.text) == ["100.64.0.3", "pi.tail1.ts.net"])
    #expect(Tailscale.candidates(in: "{").isEmpty)
    #expect(Tailscale.candidates(in: #"{"Peer": 7}"#).isEmpty)
  }

  @Test("of ssh -G: what is said of this host alone, and what of it no builder can hold")
  func block() {
    let elsewhere = SSHOptions(
      printed: "host x\nhostname x\nuser root\nport 22\nidentityfile ~/.ssh/id_rsa\n")
    let found = SSHOptions(
      printed: """
        host work
        hostname 192.0.2.7
        user lars
        port 2222
        identityfile ~/.ssh/work
        proxycommand nc %h %p
        """
    ).destination(beside: elsewhere, standard: elsewhere)
    var expected = SSHDestination(host: "192.0.2.7")
    expected.user = "lars"
    expected.port = 2222
    expected.identityFile = "~/.ssh/work"
    expected.options = [SSHDestination.Option("ProxyCommand", "nc %h %p")]
    #expect(found == expected)
    let hostile = SSHOptions(printed: "hostname x\nuser -l\nport 999999\nproxyjump a;b\n")
      .destination(beside: elsewhere, standard: elsewhere)
    #expect(hostile.user == nil)
    #expect(hostile.port == nil)
    #expect(hostile.proxyJump == nil)
  }
}
