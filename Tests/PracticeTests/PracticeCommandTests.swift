import Checks
import Processes
import Testing
import TestSupport

@testable import Practice

extension MachineTests {
  /// The command itself, as people run it.
  @Suite struct PracticeCommands {
    private func run(_ words: String..., input: String? = nil) async throws -> Command.Result {
      let words = ["env", program, "practice"] + words
      return await Command(words, input: input.map { Array($0.utf8) }, timeLimit: .seconds(60))
        .run()
    }

    @Test("a command runs on the local machine, with its own input, output and status")
    func command() async throws {
      let result = try await run(
        "--", "sh", "-c", "cat; hostname; pwd; echo \"$HOME\"; echo said >&2; exit 3",
        input: "fed\n")
      #expect(result.ending == .exited(3))
      #expect(result.output == "fed\nlaptop\n/root\n/root\n")
      #expect(result.error == "said\n")
    }

    @Test("the builder is reached by its names and addresses")
    func names() async throws {
      let result = try await run(
        "--port", "2222", "--", "sh", "-c",
        """
        for name in 192.0.2.7 2001:db8::7 forge.example forge6.example; do
          ssh-keyscan -p 2222 -t ed25519 "$name" 2>/dev/null | cut -d' ' -f2
        done
        getent hosts no-such-host.example || echo nobody
        """)
      #expect(result.output == String(repeating: "ssh-ed25519\n", count: 4) + "nobody\n")
    }

    @Test("a program on the local machine finds the way to both machines")
    func inherited() async throws {
      let connection = PracticeConnection.inherited(
        environment: ["NIX_BUILDERS_PRACTICE": "3 2222 i686-linux kvm,benchmark"])
      #expect(connection?.local.pid == 1)
      #expect(connection?.builder.pid == 3)
      #expect(connection?.suggestedBuilder.port == 2222)
      #expect(connection?.suggestedBuilder.supportedFeatures == ["kvm", "benchmark"])
      #expect(PracticeConnection.inherited(environment: [:]) == nil)
      #expect(PracticeConnection.inherited(environment: ["NIX_BUILDERS_PRACTICE": "x"]) == nil)
      try await Lab.with { lab in
        // What the variable names is the builder, seen from the local machine.
        let name = try await lab.here(
          "nsenter --target \"${NIX_BUILDERS_PRACTICE%% *}\" --uts -- hostname")
        #expect(name == "forge\n")
        // The local machine's own way to itself.
        #expect(try await lab.here("nsenter --target 1 --uts --pid -- hostname") == "laptop\n")
      }
    }

    @Test("where Nix lives in the store, as on NixOS, the machines still have it")
    func nixInStore() async throws {
      let result = try await run(
        "--", "sh", "-euc",
        """
        place=/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nix/bin
        mkdir -p $place /nix/var/nix/profiles/default
        nix=$(realpath "$(command -v nix)")
        mv "$nix" $place/nix
        for name in nix-daemon nix-instantiate nix-store; do
          ln -s nix $place/$name
          rm -f "$(command -v $name)"
        done
        ln -s $place/nix "$nix"
        ln -s $place /nix/var/nix/profiles/default/bin
        export PATH=/nix/var/nix/profiles/default/bin:$PATH
        \(program) practice -- sh -euc '
          command -v nix-store
          nix-instantiate --eval -E "1 + 1"
          nix-store --query --hash /nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nix 2>&1 || :
          builder=${NIX_BUILDERS_PRACTICE%% *}
          nsenter --target $builder --mount --pid -- sh -c "readlink /proc/[0-9]*/exe" | grep nix
        '
        """)
      let place = "/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nix"
      #expect(
        result.output == """
          \(place)/bin/nix-store
          2
          error: path '\(place)' is not valid
          \(place)/bin/nix

          """, "\(result.error)")
    }

    @Test("a program that is not there ends with 127")
    func missingProgram() async throws {
      let result = try await run("--", "no-such-program-here")
      #expect(result.ending == .exited(127))
      #expect(result.error == "nix-builders: no-such-program-here: no such program\n")
    }

    @Test("whoever is not root is told so")
    func notRoot() async throws {
      let result = await Command(
        ["setpriv", "--reuid=65534", "--clear-groups", "--", program, "practice", "--", "true"],
        timeLimit: .seconds(20)
      ).run()
      #expect(result.ending == .exited(69))
      #expect(result.error.contains("root: start it again with sudo"))
    }

    @Test("what is missing is named, with the package that has it")
    func missing() async throws {
      // A PATH cannot hide the programs in /usr/sbin; an empty folder over one can.
      let script = """
        mount -t tmpfs tmpfs /mnt
        cp -a /usr/sbin /mnt/sbin
        rm -f /mnt/sbin/sshd /mnt/sbin/useradd
        mount --bind /mnt/sbin /usr/sbin
        exec "$0" practice -- true
        """
      let result = await Command(
        ["unshare", "--mount", "sh", "-euc", script, program], timeLimit: .seconds(20)
      ).run()
      #expect(result.ending == .exited(69))
      #expect(
        result.error.contains(
          "sshd: apt-get install openssh-server, or on NixOS: nix-shell -p openssh"))
      #expect(
        result.error.contains("useradd: apt-get install passwd, or on NixOS: nix-shell -p shadow"))
    }

    @Test("where the kernel forbids namespaces that is said")
    func noNamespaces() async throws {
      let result = await Command(
        [
          "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--", program,
          "practice", "--", "true",
        ], timeLimit: .seconds(20)
      ).run()
      #expect(result.ending == .exited(69))
      #expect(result.error.contains("namespaces: the kernel or the container has to allow them"))
      #expect(result.error.contains("Operation not permitted"))
    }
  }
}
