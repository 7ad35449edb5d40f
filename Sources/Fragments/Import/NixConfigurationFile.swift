import Base
import Builders

/// The settings of a text of nix.conf(5), as far as they concern builders: `name = value` lines,
/// comments after `#`, other files after `include` and `!include`; of several lines for one setting
/// the last one counts.
public struct NixConfigurationFile: Equatable, Sendable {
  /// A value and where it stands.
  public struct Setting: Equatable, Sendable {
    /// What stands after the `=`, its blanks made single ones.
    public var value: String
    /// The file.
    public var file: String
    /// The line.
    public var line: Int
  }

  /// The settings by their names.
  public private(set) var settings: [String: Setting] = [:]
  /// What could not be read.
  public private(set) var notes: [ImportNote] = []

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - file: the file that holds it.
  ///   - read: gives the content of a file that it includes; `nil` when there is none.
  public init(
    _ text: String, of file: String, reading read: (String) throws(Problem) -> String?
  ) {
    take(text, file, within: [file], read)
  }

  private mutating func take(
    _ text: String, _ file: String, within files: [String],
    _ read: (String) throws(Problem) -> String?
  ) {
    for (index, line) in text.unicodeScalars.lines.enumerated() {
      let words = line.prefix { $0 != "#" }.words.map { String($0) }
      if words.count == 2, words[0] == "include" || words[0] == "!include" {
        include(words, at: "\(file):\(index + 1)", beside: file, within: files, read)
      } else if words.count > 1, words[1] == "=" {
        settings[words[0]] = Setting(
          value: words.dropFirst(2).joined(separator: " "), file: file, line: index + 1)
      } else if !words.isEmpty {
        notes.append(
          ImportNote(.leftOut, at: "\(file):\(index + 1)", "NAME = VALUE was expected."))
      }
    }
  }

  private mutating func include(
    _ words: [String], at place: String, beside file: String, within files: [String],
    _ read: (String) throws(Problem) -> String?
  ) {
    let scalars = file.unicodeScalars
    let folder = scalars.lastIndex(of: "/").map { String(scalars[...$0]) } ?? ""
    let path = words[1].unicodeScalars.first == "/" ? words[1] : folder + words[1]
    guard !files.contains(path) else {
      notes.append(ImportNote(.leftOut, at: place, "\(path) includes itself."))
      return
    }
    do throws(Problem) {
      if let text = try read(path) {
        take(text, path, within: files + [path], read)
      } else if words[0] == "include" {
        notes.append(ImportNote(.leftOut, at: place, "There is no \(path)."))
      }
    } catch {
      notes.append(ImportNote(.leftOut, at: place, error.message))
    }
  }

  /// The settings of the local machine; `nil` for what the text leaves alone.
  public func localSettings(of file: String) -> ImportedSettings {
    var found = ImportedSettings(place: file)
    found.buildersUseSubstitutes = settings["builders-use-substitutes"].map { $0.value == "true" }
    // `auto` means as many as there are processors, which is also NixOS's own setting.
    found.maxJobs = settings["max-jobs"].flatMap { Int($0.value) }
    return found
  }
}
