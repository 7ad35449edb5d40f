import Interface

// What is done with builders; what means the same everywhere is in Interface.
extension Shortcut {
  static let add = Shortcut("a")
  static let edit = Shortcut("e")
  static let rename = Shortcut(.function(2))
  /// Makes another one like it.
  static let duplicate = Shortcut("c")
  /// Turns on or off.
  static let turn = Shortcut("o")
  /// Deletes; undoing brings it back, but it is not what a slip should do.
  static let delete = Shortcut(.character("D"), .delete, isDestructive: true)
  /// Gives up a builder that was begun.
  static let giveUp = Shortcut("U", isDestructive: true)
  /// All of them at once, where that is safe.
  static let all = Shortcut("*")
  static let moveUp = Shortcut("K")
  static let moveDown = Shortcut("J")

  static let test = Shortcut("t")
  static let testAll = Shortcut("T")
  /// Builds something for real: a probe, a test build, a package.
  static let build = Shortcut("b")
  static let buildAll = Shortcut("B")
  static let onlyFailed = Shortcut("F")
  /// Looks on while tests run.
  static let watch = Shortcut("W")
  /// Shows what was printed: the evidence.
  static let printed = Shortcut("v")
  static let measure = Shortcut("m")
  /// Compares a host key, and accepts a new one.
  static let compareKey = Shortcut("h")
  static let compareKeys = Shortcut("H")
  /// Takes over as answers what was found out.
  static let takeOver = Shortcut("+")
  /// Where a build goes.
  static let route = Shortcut(">")

  static let undo = Shortcut("u")
  static let redo = Shortcut(.control("r"))
  static let sort = Shortcut("S")
  static let write = Shortcut("w")
  static let apply = Shortcut("A")
  static let importing = Shortcut("I")
  /// Types an answer to a command that asks for one.
  static let answer = Shortcut("i")
  /// Takes over what somebody else has written.
  static let reload = Shortcut("R")
  /// What differs.
  static let difference = Shortcut("d")

  /// All there are: no key is in two of them.
  static let table: [Shortcut] =
    common + [
      add, edit, rename, duplicate, turn, delete, giveUp, all, moveUp, moveDown, test, testAll,
      build, buildAll, onlyFailed, watch, printed, compareKey, compareKeys, takeOver,
      measure, route, undo, redo, sort, write, apply,
      importing, answer, reload, difference,
    ]
}
