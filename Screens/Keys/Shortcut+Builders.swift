import Interface

// What is done with builders; what means the same everywhere is in Interface.
extension Shortcut {
  static let add = Shortcut("a", "add")
  static let edit = Shortcut("e", "edit")
  static let rename = Shortcut(.function(2), meaning: "rename")
  /// Makes another one like it.
  static let duplicate = Shortcut("c", "duplicate")
  /// Turns on or off.
  static let turn = Shortcut("o", "on/off")
  /// Deletes; undoing brings it back, but it is not what a slip should do.
  static let delete = Shortcut(
    .character("D"), .delete, meaning: "delete", isDestructive: true)
  /// Gives up a builder that was begun.
  static let giveUp = Shortcut("U", "give up", isDestructive: true)
  /// Marks all that are shown, or none.
  static let markAll = Shortcut("*", "mark")
  static let moveUp = Shortcut("K", "up in the order")
  static let moveDown = Shortcut("J", "down in the order")

  static let test = Shortcut("t", "test")
  static let testAll = Shortcut("T", "test")
  /// Builds something for real: a probe, a test build, a package.
  static let build = Shortcut("b", "build")
  static let buildAll = Shortcut("B", "build")
  static let onlyFailed = Shortcut("F", "failed")
  /// Looks on while tests run.
  static let watch = Shortcut("W", "watch")
  /// Shows what was printed: the evidence.
  static let printed = Shortcut("v", "printed")
  static let measure = Shortcut("m", "measure")
  /// Compares a host key, and accepts a new one.
  static let compareKey = Shortcut("h", "compare")
  static let compareKeys = Shortcut("H", "compare")
  /// Takes over as answers what was found out.
  static let takeOver = Shortcut("+", "take over")
  /// Where a build goes.
  static let route = Shortcut(">", "where a build goes")

  static let undo = Shortcut("u", "undo")
  static let redo = Shortcut(.control("r"), meaning: "undone")
  static let sort = Shortcut("S", "sort")
  static let write = Shortcut("w", "write")
  static let apply = Shortcut("A", "apply")
  static let importing = Shortcut("I", "import")
  /// Types an answer to a command that asks for one.
  static let answer = Shortcut("i", "type an answer")
  /// Takes over what somebody else has written.
  static let reload = Shortcut("R", "reload")
  /// What differs.
  static let difference = Shortcut("d", "differ", "whole file")

  /// All there are: no key is in two of them.
  static let table: [Shortcut] =
    common + [
      add, edit, rename, duplicate, turn, delete, giveUp, markAll, moveUp, moveDown, test, testAll,
      build, buildAll, onlyFailed, watch, printed, compareKey, compareKeys, takeOver,
      measure, route, undo, redo, sort, write, apply,
      importing, answer, reload, difference,
    ]
}
