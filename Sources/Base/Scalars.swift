// Text in the eyes of ssh, Nix or a shell is a row of Unicode scalars, or of bytes. Swift's
// `Character` is a grapheme cluster: `#` followed by a combining mark is one `Character`, which is
// not `#`, but what reads the text sees a `#` there. So rules, escapes and parsers look at
// `text.unicodeScalars` or `text.utf8`, which have here what `String` has:
//
//     "#\u{301}x".hasPrefix("#")                  // false
//     "#\u{301}x".unicodeScalars.hasPrefix("#")   // true
//     "a=b=c".unicodeScalars.cut(at: "=")         // "a" and "b=c"
//     "one\r\ntwo\n".unicodeScalars.lines         // "one" and "two"
//     " a\tb ".unicodeScalars.words               // "a" and "b"
//
// A view becomes text again by `String(view)`. That nothing else is used in the rooms that print
// and read what others read is looked after by SymbolTests.

extension BidirectionalCollection where Element == Unicode.Scalar {
  /// Whether the text starts with these scalars, whatever follows them.
  @inlinable
  public func hasPrefix(_ prefix: String) -> Bool { starts(with: prefix.unicodeScalars) }

  /// Whether the text ends with these scalars.
  @inlinable
  public func hasSuffix(_ suffix: String) -> Bool {
    reversed().starts(with: suffix.unicodeScalars.reversed())
  }

  /// Whether the text has exactly these scalars. `==` on strings calls some different ones equal:
  /// `"\u{212A}" == "K"`, and `"\u{37E}" == ";"`.
  @inlinable
  public func isExactly(_ text: String) -> Bool { elementsEqual(text.unicodeScalars) }

  /// Whether these scalars stand somewhere in the text.
  @inlinable
  public func contains(_ part: String) -> Bool { firstRange(of: part) != nil }

  /// Where these scalars first stand in the text; `nil` if nowhere.
  @inlinable
  public func firstRange(of part: String) -> Range<Index>? {
    let part = part.unicodeScalars
    guard let first = part.first else { return startIndex..<startIndex }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      var end = start
      var isThere = true
      for scalar in part {
        guard end < endIndex, self[end] == scalar else {
          isThere = false
          break
        }
        formIndex(after: &end)
      }
      if isThere { return start..<end }
      rest = rest.dropFirst()
    }
    return nil
  }

  /// Where these scalars last stand in the text; `nil` if nowhere.
  @inlinable
  public func lastRange(of part: String) -> Range<Index>? {
    var last: Range<Index>?
    var rest = self[...]
    while let range = rest.firstRange(of: part), !range.isEmpty {
      last = range
      rest = rest[range.lowerBound...].dropFirst()
    }
    return last
  }

  /// The text with other scalars in the place of these.
  @inlinable
  public func replacing(_ part: String, with replacement: String) -> String {
    var result = String.UnicodeScalarView()
    var rest = self[...]
    while let range = rest.firstRange(of: part), !range.isEmpty {
      result.append(contentsOf: rest[..<range.lowerBound])
      result.append(contentsOf: replacement.unicodeScalars)
      rest = rest[range.upperBound...]
    }
    result.append(contentsOf: rest)
    return String(result)
  }

  /// What comes before the first such scalar, and what comes after it; `nil` where there is none.
  @inlinable
  public func cut(at scalar: Unicode.Scalar) -> (head: SubSequence, tail: SubSequence)? {
    guard let place = firstIndex(of: scalar) else { return nil }
    return (self[..<place], self[index(after: place)...])
  }

  /// The lines, without their ends, which are LF or CR LF. What follows the last end is a line
  /// unless it is empty.
  @inlinable
  public var lines: [SubSequence] {
    var lines = split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == "\r" ? $0.dropLast() : $0 }
  }

  /// What blanks, tabs and line ends part.
  @inlinable
  public var words: [SubSequence] { split(whereSeparator: \.isBlankOrLineEnd) }

  /// The lines that are not empty.
  @inlinable
  public var filledLines: [SubSequence] { lines.filter { !$0.isEmpty } }

  /// The text without the blanks, tabs and line ends around it.
  @inlinable
  public var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isBlankOrLineEnd }),
      let last = lastIndex(where: { !$0.isBlankOrLineEnd })
    else { return self[startIndex..<startIndex] }
    return self[first...last]
  }
}

extension Sequence where Element == Substring.UnicodeScalarView {
  /// The parts as strings.
  @inlinable
  public var strings: [String] { map { String($0) } }
}

extension String {
  /// The text without the scalars at its end for which this holds.
  @inlinable
  public func trimmingSuffix(while predicate: (Unicode.Scalar) -> Bool) -> String {
    guard let last = unicodeScalars.lastIndex(where: { !predicate($0) }) else { return "" }
    return String(unicodeScalars[...last])
  }

  /// Text of scalars.
  @inlinable
  public init(scalars: some Sequence<Unicode.Scalar>) {
    self = String(UnicodeScalarView(scalars))
  }
}

extension Substring.UnicodeScalarView: @retroactive CustomStringConvertible {
  /// The text, as with `String.UnicodeScalarView`.
  public var description: String { String(self) }
}

extension Unicode.Scalar {
  /// A blank or a tab.
  @inlinable
  public var isBlank: Bool { self == " " || self == "\t" }

  /// A blank, a tab, a line feed or a carriage return.
  @inlinable
  public var isBlankOrLineEnd: Bool { isBlank || isLineEnd }

  /// A line feed or a carriage return.
  @inlinable
  public var isLineEnd: Bool { self == "\n" || self == "\r" }

  /// One of `0` to `9`.
  @inlinable
  public var isDigit: Bool { ("0"..."9").contains(self) }

  /// One of `a` to `z` and `A` to `Z`.
  @inlinable
  public var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

  /// One of `0` to `9`, `a` to `f` and `A` to `F`.
  @inlinable
  public var isHexDigit: Bool {
    isDigit || ("a"..."f").contains(self) || ("A"..."F").contains(self)
  }

  /// An ASCII letter or digit.
  @inlinable
  public var isLetterOrDigit: Bool { isLetter || isDigit }
}

extension UInt8 {
  /// The byte as a scalar, for the questions that a scalar answers. A byte of more than 0x7F is
  /// part of one only, and is none of ASCII's.
  @inlinable
  public var scalar: Unicode.Scalar { Unicode.Scalar(self) }
}
