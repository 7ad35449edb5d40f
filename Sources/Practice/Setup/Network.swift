/// The network: a cable between the two machines and nothing else. The addresses are those kept
/// for documentation (RFC 5737, RFC 3849).
enum Network {
  static let local = (v4: "192.0.2.1", v6: "2001:db8::1")
  static let builder = (v4: "192.0.2.7", v6: "2001:db8::7")
  /// A name of the builder's that has both of its addresses, and one that has the IPv6 one only.
  static let names = (both: "forge.example", v6: "forge6.example")

  /// Lays the cable; on the local machine.
  static func cable(toBuilder pid: Int32) -> String {
    // ip(8) may look the process up in /proc, which has to be this machine's own by then.
    """
    mount -t proc proc /proc
    ip link add eth0 type veth peer name eth0 netns \(pid)
    """
  }

  /// Brings a machine's end up and gives it a name.
  static func script(hostName: String, address: (v4: String, v6: String)) -> String {
    """
    ip link set lo up
    ip link set eth0 up
    ip address add \(address.v4)/24 dev eth0
    # Where the kernel has no IPv6 there is none here either.
    ip address add \(address.v6)/64 dev eth0 nodad 2>/dev/null || :
    echo \(hostName) >/proc/sys/kernel/hostname
    \(writing(hosts, to: "/etc/hosts"))
    \(writing(switches, to: "/etc/nsswitch.conf"))
    """
  }

  private static let hosts = """
    127.0.0.1 localhost
    ::1 localhost
    \(local.v4) laptop
    \(builder.v4) \(names.both)
    \(builder.v6) \(names.both) \(names.v6)

    """

  // Names and users are those in the machine's own files: no server is asked.
  private static let switches = """
    passwd: files
    group: files
    shadow: files
    hosts: files
    services: files
    protocols: files

    """
}
