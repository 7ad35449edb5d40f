import Base

/// The list of imports in a module that somebody has written, for a line to be put in.
public enum ImportsList {
  /// Where a module stands to an import.
  public enum Standing: Equatable, Sendable {
    /// It has it.
    case present
    /// It would have it with one more line.
    case addable(Addition)
    /// Its list of imports is not plain enough for a program to change it.
    case unclear
  }

  /// A line that is to be put in.
  public struct Addition: Equatable, Sendable {
    /// The number of the line that it comes after, from 1.
    public var line: Int
    /// It, with the blanks before it.
    public var text: String
    /// The module with it.
    public var result: String
  }

  /// Looks at a module.
  ///
  /// - Parameter path: what is to be imported, such as `./remote-forge.nix`.
  public static func standing(of path: String, in module: String) -> Standing {
    let lines = NixHighlighting.lines(of: module)
    let code = lines.map { pieces in
      pieces.filter { $0.kind != .comment && $0.kind != .string }.map(\.text).joined()
    }
    let words = code.flatMap { line in
      line.unicodeScalars.split { " \t[]();".unicodeScalars.contains($0) }
    }
    if words.contains(where: { $0.isExactly(path) }) { return .present }
    let lists = places(in: lines)
    // Several lists may belong to modules within the module.
    guard lists.count == 1, let place = lists.first, place > 0 else { return .unclear }
    let old = module.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    // The next line's indentation is right, unless that line ends the list already.
    let next = old.dropFirst(place).first { !$0.allSatisfy(\.isBlank) } ?? "".unicodeScalars[...]
    let blanks = String(next.prefix(while: \.isBlank))
    let endsList = next.drop(while: \.isBlank).first == "]"
    let text = blanks + (endsList ? "  " : "") + path
    var new = old.map { String($0) }
    new.insert(text, at: place)
    return .addable(
      Addition(line: place, text: text, result: new.joined(separator: "\n")))
  }

  /// The numbers of the lines that end in the bracket of `imports = [`, from 1, and 0 for each that
  /// goes on behind it.
  private static func places(in lines: [[HighlightedText]]) -> [Int] {
    let pieces = lines.enumerated().flatMap { number, pieces in
      pieces.filter { piece in
        piece.kind != .comment && piece.text.unicodeScalars.contains { !$0.properties.isWhitespace }
      }.map { (number: number + 1, piece: $0) }
    }
    return pieces.indices.compactMap { index in
      guard pieces[index].piece == HighlightedText(.attributeName, "imports") else { return nil }
      // Neighbours of one kind are one piece.
      var signs = ""
      for next in pieces.indices.dropFirst(index + 1) {
        signs += pieces[next].piece.text
        if signs == "=" { continue }
        guard signs == "=[" else { return 0 }
        let isLast = next + 1 == pieces.count || pieces[next + 1].number != pieces[next].number
        return isLast ? pieces[next].number : 0
      }
      return 0
    }
  }
}
