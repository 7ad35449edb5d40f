import Base

/// A Nix expression, as far as the fragments need one.
indirect enum NixExpression: Equatable, Sendable {
  /// A string.
  case string(String)
  /// A string of several lines, each with its line end.
  case lines([String])
  /// A whole number.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// `true` or `false`.
  case bool(Bool)
  /// A list.
  case list([NixExpression])
  /// An attribute set.
  case attributes([NixBinding])

  static func strings(_ strings: [String]) -> NixExpression { .list(strings.map { .string($0) }) }
}

/// One `name = value;` of an attribute set, with what stands above it.
struct NixBinding: Equatable, Sendable {
  /// The attribute path, such as `["nix", "settings", "max-jobs"]`.
  var path: [String]
  var value: NixExpression
  /// Lines of a comment above it.
  var comment: [String] = []
  /// Whether a blank line parts it from the one before.
  var startsGroup = false

  /// A binding whose names are known to hold no dots.
  init(_ path: String, _ value: NixExpression, comment: String...) {
    self.init(path.unicodeScalars.split(separator: ".").map { String($0) }, value, comment: comment)
  }

  init(_ path: [String], _ value: NixExpression, comment: [String] = []) {
    self.path = path
    self.value = value
    self.comment = comment
  }
}

extension [NixBinding] {
  /// The bindings of all groups, with a blank line before each but the first.
  static func groups(_ groups: [NixBinding]...) -> [NixBinding] {
    var all: [NixBinding] = []
    for group in groups {
      let start = all.count
      all += group
      if start > 0, start < all.count { all[start].startsGroup = true }
    }
    return all
  }
}
