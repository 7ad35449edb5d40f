/// The builder's services: how they are started and stopped.
enum Services {
  /// Where the builder keeps how it was configured before any fragment, on its own /run.
  static let directory = "/run/builder"

  /// The shell functions that start and stop sshd and nix-daemon. Each starts anew what runs.
  static func functions(_ programs: Programs) -> String {
    // sshd has to be named by its whole path.
    let sshd = programs.path(of: "sshd") ?? "/usr/sbin/sshd"
    return """
      stop() { # PIDFILE
        [ -s "$1" ] || return 0
        process=$(cat "$1")
        rm -f "$1"
        kill -CONT "$process" 2>/dev/null || return 0
        kill "$process" 2>/dev/null || :
        while kill -0 "$process" 2>/dev/null; do sleep 0.01; done
      }

      wait_for() { # PROCESS LOG CONDITION…
        process=$1
        log=$2
        shift 2
        until "$@"; do
          kill -0 "$process" 2>/dev/null || { cat "$log" >&2; return 1; }
          sleep 0.01
        done
      }

      stop_daemon() { stop /run/nix-daemon.pid; }

      start_daemon() {
        stop_daemon
        setsid nix-daemon </dev/null >/var/log/nix-daemon.log 2>&1 &
        echo $! >/run/nix-daemon.pid
        # The kernel's list of sockets; the flag says that this one is listened to.
        wait_for $! /var/log/nix-daemon.log grep -q ' 00010000 .*socket$' /proc/net/unix
      }

      stop_sshd() { stop /run/sshd.pid; }

      start_sshd() {
        stop_sshd
        setsid \(sshd) -D -e -f /etc/ssh/sshd_config </dev/null >/var/log/sshd.log 2>&1 &
        wait_for $! /var/log/sshd.log test -s /run/sshd.pid
      }
      """
  }
}
