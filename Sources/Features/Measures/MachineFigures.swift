import Base
import Checks

/// What a machine says of itself to a shell script: the builder and this machine run the same one.
struct MachineFigures: Equatable, Sendable {
  var processors: Int?
  var disk: Measures.Disk?
  /// How long the work took, in seconds: the shorter of two times.
  var work: Double?

  private static let mark = "nix-builders: "

  /// Runs in a POSIX sh. In one line and without ' or !, so that any login shell can pass it on.
  /// The work is what a compiler's is: many small steps on little data, on one processor.
  static let script = [
    "n() { date +%s%N; }",
    "echo nix-builders: processors $(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null)",
    "echo nix-builders: disk $(df -Pk /nix/store 2>/dev/null | tail -n 1)",
    "for i in 1 2; do a=$(n); w=$(seq 1 600000 | gzip -9 | wc -c); b=$(n); "
      + "echo nix-builders: work $a $b $w; done",
  ].joined(separator: "; ")

  /// Reads what the script has printed; `nil` when it did not run.
  init?(output: String) {
    var isThere = false
    for line in output.unicodeScalars.lines where line.hasPrefix(Self.mark) {
      isThere = true
      let fields = line.dropFirst(Self.mark.unicodeScalars.count).words.strings.map(Printed.init)
      guard let subject = fields.first?.word else { continue }
      switch subject {
      case "processors" where fields.count == 2: processors = fields[1].number(in: 1...65_536)
      case "disk" where fields.count >= 7:
        // The name of the file system, which comes first, may have blanks.
        let numbers = fields.suffix(5).prefix(3).compactMap { $0.number(in: 0...(1 << 50)) }
        if numbers.count == 3 {
          disk = Measures.Disk(free: numbers[2] * 1024, total: numbers[0] * 1024)
        }
      case "work" where fields.count == 4:
        // Without gzip nothing is counted, and without GNU's date there are no nanoseconds.
        guard let begin = fields[1].number(in: 0...(.max)),
          let end = fields[2].number(in: 0...(.max)), end > begin,
          fields[3].number(in: 100_001...(.max)) != nil
        else { continue }
        let seconds = Double(end - begin) / 1e9
        work = min(work ?? seconds, seconds)
      default: break
      }
    }
    if !isThere { return nil }
  }
}
