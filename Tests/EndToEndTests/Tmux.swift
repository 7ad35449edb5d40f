import Checks
import Glibc
import Processes
import Testing

/// A program in a real terminal: tmux types and reads the screen.
final class Tmux: Sendable {
  private let socket: String

  /// Starts a command in a window of its own.
  init(_ command: String, columns: Int = 80, rows: Int = 24) async throws {
    socket = "nix-builders-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    // The shell stays, so that what is left on the ordinary screen can be read.
    let result = await tmux([
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
      "-e", "PS1=$ ", "-e", "LC_ALL=C.UTF-8",
      // A crash is not to wait for somebody to look at it.
      "-e", "SWIFT_BACKTRACE=interactive=no",
      "sh -c \(quoted("\(command); echo exit $?; exec sh"))",
    ])
    try #require(result.succeeded, "tmux: \(result.error)")
  }

  /// Types keys by tmux's names: `Enter`, `Escape`, `C-c`, `BTab`.
  func press(_ keys: String...) async {
    for key in keys { _ = await tmux(["send-keys", key]) }
  }

  /// Types text as it is.
  func type(_ text: String) async { _ = await tmux(["send-keys", "-l", text]) }

  /// What the window shows now.
  var screen: String {
    get async { await tmux(["capture-pane", "-p"]).output }
  }

  /// Makes the window another size.
  func resize(columns: Int, rows: Int) async {
    _ = await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// Waits until the screen shows one of the texts.
  ///
  /// - Returns: the screen then; a failure is recorded when it never does.
  @discardableResult
  func wait(
    for texts: String..., within limit: Duration = .seconds(60),
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> String {
    let end = ContinuousClock.now + limit
    var shown = ""
    while ContinuousClock.now < end {
      shown = await screen
      if texts.contains(where: shown.contains) { return shown }
      try? await Task.sleep(for: .milliseconds(50))
    }
    Issue.record(
      "the screen never showed \(texts), but:\n\(shown)", sourceLocation: sourceLocation)
    return shown
  }

  /// Ends the window and what runs in it, as closing the terminal does.
  func close() async { _ = await tmux(["kill-server"]) }

  private func tmux(_ words: [String]) async -> Command.Result {
    await Command(
      ["tmux", "-L", socket] + words, environment: ["TMUX": nil, "LC_ALL": "C.UTF-8"],
      timeLimit: .seconds(10)
    ).run()
  }

  private func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
