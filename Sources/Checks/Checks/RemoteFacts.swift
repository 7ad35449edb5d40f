import Base
import Builders

/// What a builder says of itself in one login.
struct RemoteFacts: Equatable, Sendable {
  /// What was printed before the first command ran: by a start-up file of the shell.
  var noise = ""
  /// The kernel and the hardware, such as `Linux x86_64`.
  var machine: String?
  /// Where nix-daemon and nix-store are found, `nil` when they are not on the PATH.
  var programs: [String: String] = [:]
  /// The version of Nix.
  var nixVersion: String?
  /// The daemon's socket: `open`, `closed` (to this user) or `absent`.
  var socket: String?
  /// The builder's clock, in seconds since 1970.
  var time: Int?
  var capabilities = RemoteCapabilities(nixVersion: nil)

  private static let mark = "nix-builders: "

  /// Runs in any login shell, and in any POSIX sh then. In one line and without ' or !, since csh
  /// would trip over them.
  static let script =
    "exec sh -c '"
    + [
      #"say() { echo "nix-builders: $*"; }"#, "say begin", "say time $(date +%s)",
      "say machine $(uname -sm)",
      "say processors $(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null)",
      "say nix-daemon $(command -v nix-daemon)", "say nix-store $(command -v nix-store)",
      "say version $(nix-daemon --version 2>/dev/null || nix-store --version 2>/dev/null)",
      "s=/nix/var/nix/daemon-socket/socket",
      "if [ -S $s ] && [ -w $s ]; then say socket open; "
        + "elif [ -S $s ]; then say socket closed; else say socket absent; fi",
      "f=\"--extra-experimental-features nix-command\"",
      "(nix $f config show 2>/dev/null || nix $f show-config 2>/dev/null) "
        + "| grep -E \"^(system|extra-platforms|system-features) = \"",
      "say end",
    ].joined(separator: "; ") + "'"

  /// Reads what the script has printed; `nil` when it did not run.
  init?(output: String) {
    let lines = output.unicodeScalars.lines
    guard let begin = lines.firstIndex(where: { $0.hasSuffix("\(Self.mark)begin") }) else {
      return nil
    }
    // Noise without a line end stands before the mark.
    let before = lines[..<begin] + [lines[begin].dropLast("\(Self.mark)begin".unicodeScalars.count)]
    noise = before.strings.joined(separator: "\n").trimmingSuffix(while: \.isBlankOrLineEnd)
    for line in lines[begin...] { read(line) }
    capabilities.nixVersion = nixVersion
  }

  private mutating func read(_ line: Substring.UnicodeScalarView) {
    if line.hasPrefix(Self.mark) {
      let fields = line.dropFirst(Self.mark.unicodeScalars.count).split(
        separator: " ", maxSplits: 1)
      guard fields.count == 2 else { return }
      let value = String(fields[1])
      switch String(fields[0]) {
      case "machine": machine = value
      case "time": time = Int(value)
      case "processors": capabilities.processors = Int(value)
      case "nix-daemon", "nix-store": programs[String(fields[0])] = value
      case "version": nixVersion = value.unicodeScalars.words.strings.last
      case "socket": socket = value
      default: break
      }
    } else if let equals = line.firstRange(of: " = ") {
      let values = line[equals.upperBound...].words.strings
      switch String(line[..<equals.lowerBound]) {
      case "system": capabilities.systems.insert(contentsOf: values, at: 0)
      case "extra-platforms": capabilities.systems += values
      case "system-features": capabilities.features = values
      default: break
      }
    }
  }
}

extension RemoteFacts {
  /// By how many seconds the builder's clock is ahead; `nil` when that is little, or unknown.
  ///
  /// - Parameters:
  ///   - begin: this machine's clock before the login.
  ///   - end: and after it.
  func clockDifference(_ begin: Int, _ end: Int) -> Int? {
    guard let time else { return nil }
    let difference = time > end ? time - end : time < begin ? time - begin : 0
    return difference.magnitude > 60 ? difference : nil
  }
}
