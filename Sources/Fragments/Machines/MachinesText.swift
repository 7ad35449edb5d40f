import Base
import Builders

/// An entry of /etc/nix/machines or of the `builders` setting, and where it stands.
public struct MachineEntry: Equatable, Sendable {
  /// The file and the line, such as `/etc/nix/machines:3`; where a line has several entries, which
  /// of them.
  public var place: String
  /// The machine, or why there is none.
  public var machine: Result<NixMachine, Problem>
  /// Whether Nix passes over what is wrong; otherwise it refuses the whole list.
  public var isPassedOver = false
}

/// A text of machines: lines, entries parted by `;`, comments after `#`, and other files after `@`.
public enum MachinesText {
  /// Reads all entries of a text.
  ///
  /// - Parameters:
  ///   - name: the file, or the setting, that holds the text.
  ///   - line: the number of its first line there.
  ///   - read: gives the content of a file that an entry names after `@`; `nil` when there is none.
  public static func entries(
    in text: String, of name: String, from line: Int = 1,
    reading read: (String) throws(Problem) -> String?
  ) -> [MachineEntry] {
    var includes = 0
    return entries(in: text, of: name, from: line, within: [name], &includes, reading: read)
  }

  /// How many files a text may name after `@`, those that they name included: files that name each
  /// other several times over would be read for ever.
  static let mostIncludes = 256

  private static func entries(
    in text: String, of name: String, from first: Int, within files: [String],
    _ includes: inout Int, reading read: (String) throws(Problem) -> String?
  ) -> [MachineEntry] {
    var machines: [MachineEntry] = []
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      // A ; in a comment belongs to the comment.
      let entries = line.prefix { $0 != "#" }.split(separator: ";")
        .map { NixMachine.words(of: $0).joined(separator: " ") }.filter { !$0.isEmpty }
      for (number, entry) in entries.enumerated() {
        let place = "\(name):\(first + index)" + (entries.count > 1 ? ", entry \(number + 1)" : "")
        do throws(Problem) {
          if entry.unicodeScalars.first == "@" {
            let file = String(entry.unicodeScalars.dropFirst().drop { $0 == " " })
            if files.contains(file) { throw Problem("\(file) includes itself.") }
            includes += 1
            // Said once; those after it are the same again.
            if includes == mostIncludes + 1 {
              throw Problem("More than \(mostIncludes) files are named after @.")
            }
            if includes > mostIncludes { continue }
            if let text = try read(file) {
              machines += Self.entries(
                in: text, of: file, from: 1, within: files + [file], &includes, reading: read)
            } else {
              let problem = Problem("There is no \(file). Nix passes over that.")
              machines.append(
                MachineEntry(place: place, machine: .failure(problem), isPassedOver: true))
            }
          } else {
            machines.append(MachineEntry(place: place, machine: .success(try NixMachine(entry))))
          }
        } catch {
          machines.append(MachineEntry(place: place, machine: .failure(error)))
        }
      }
    }
    return machines
  }
}
