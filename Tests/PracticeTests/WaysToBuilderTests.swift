import Builders
import Checks
import Testing

@testable import Practice

extension MachineTests {
  /// Each way in which a builder can be reached passes the connection test, by what would be
  /// written and by what is installed.
  @Suite(.sharedLab) struct WaysToBuilder {
    enum Way: CaseIterable {
      case usual, otherPort, ipv6, hostName, hostNameOfIPv6Only
      case noHostBlock, noHostBlockHostName, noHostBlockOtherPort, noHostBlockIPv6
      case olderProtocol, olderProtocolNoHostBlock, restricted, restrictedOlderProtocol
      case bastion, bastionByHostBlock, proxyCommand
      case options, storeParameters
    }

    private func prepare(_ way: Way, _ tested: inout TestedBuilder) async throws {
      switch way {
      case .usual: break
      case .otherPort: tested.useOtherPort()
      case .ipv6: tested.builder.address = Network.builder.v6
      case .hostName: tested.builder.address = Network.names.both
      case .hostNameOfIPv6Only: tested.builder.address = Network.names.v6
      case .noHostBlock: tested.builder.hostBlock = false
      case .noHostBlockHostName:
        tested.builder.hostBlock = false
        tested.builder.address = Network.names.both
      case .noHostBlockOtherPort:
        tested.builder.hostBlock = false
        tested.useOtherPort()
      case .noHostBlockIPv6:
        tested.builder.hostBlock = false
        tested.builder.address = Network.builder.v6
      case .olderProtocol: tested.builder.storeProtocol = .ssh
      case .olderProtocolNoHostBlock:
        tested.builder.storeProtocol = .ssh
        tested.builder.hostBlock = false
      case .restricted: tested.builder.account.restricted = true
      case .restrictedOlderProtocol:
        tested.builder.account.restricted = true
        tested.builder.storeProtocol = .ssh
      case .bastion:
        try await tested.makeBastion(keyPath: "/root/.ssh/id_ed25519")
        tested.builder.proxyJump = "admin@\(Network.builder.v4)"
      case .bastionByHostBlock:
        try await tested.makeBastion(keyPath: "/root/.ssh/jump")
        try await tested.lab.write(
          """
          Host jump
            HostName \(Network.builder.v4)
            User admin
            IdentityFile /root/.ssh/jump

          """, to: "/root/.ssh/config")
        tested.builder.proxyJump = "jump"
      case .proxyCommand:
        try await tested.makeBastion(keyPath: "/root/.ssh/id_ed25519")
        tested.builder.sshOptions["ProxyCommand"] = "ssh -W %h:%p 'admin@\(Network.builder.v4)'"
      case .options:
        tested.builder.sshOptions = [
          "ConnectTimeout": "1m", "Compression": "yes", "SetEnv": "LANG=C \"NOTHING=a b\"",
          "AddressFamily": "inet", "LogLevel": "ERROR", "HostKeyAlgorithms": "ssh-ed25519",
        ]
      case .storeParameters:
        tested.builder.storeParameters = ["compress": "true", "remote-program": "nix-daemon"]
      }
    }

    @Test("each way passes, as written and as installed", arguments: Way.allCases)
    func ways(way: Way) async throws {
      let lab = try #require(SharedLab.current)
      var tested = try await TestedBuilder(lab)
      try await prepare(way, &tested)
      let isDirect =
        tested.builder.proxyJump == nil && tested.builder.sshOptions["ProxyCommand"] == nil
      let expected = isDirect ? TestOutput.connection : TestOutput.throughBastion
      try await lab.applyRemote(tested.builder.remoteFragment().text)
      for source in ["--written", "--installed"] {
        if source == "--installed" { try await tested.apply() }
        let report = try await tested.test([source])
        #expect(report.outcomes == expected, "\(source) \(report.failed)")
        #expect(report.passed)
      }
    }
  }
}

extension TestedBuilder {
  fileprivate mutating func useOtherPort() {
    builder.port = 2222
    builder.account.sshdPorts = [22, 2222]
  }

  /// Lets root log in to the builder's administrator, from where only the builder itself knows its
  /// address.
  fileprivate mutating func makeBastion(keyPath: String) async throws {
    builder.address = "127.0.0.1"
    let key = try await lab.here(
      """
      ssh-keygen -q -t ed25519 -N '' -C root@laptop -f \(keyPath)
      ssh-keyscan -t ed25519 \(Network.builder.v4) 2>/dev/null >>/root/.ssh/known_hosts
      cat \(keyPath).pub
      """)
    _ = try await lab.there(
      """
      mkdir -p /home/admin/.ssh
      echo '\(key.trimmingSuffix("\n"))' >/home/admin/.ssh/authorized_keys
      chown -R admin: /home/admin/.ssh
      """)
  }
}
