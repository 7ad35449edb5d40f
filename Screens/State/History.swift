import Builders

/// The inventory as it is edited, with what undoes and what redoes each change.
struct History: Sendable {
  /// The inventory as it is now.
  private(set) var present: Inventory
  /// Another number after each change; the same number means the same inventory.
  private(set) var revision = 0
  private var done: [Change] = []
  private var undone: [Change] = []

  /// What was in the place of what: a change of a few builders among many stays small.
  struct Change: Sendable {
    /// What was done, such as `forge deleted`.
    var title: String
    /// Where in the list it begins.
    var start: Int
    var old: Values
    var new: Values

    struct Values: Sendable {
      var builders: [Builder]
      var local: LocalSettings
    }
  }

  init(_ inventory: Inventory) { present = inventory }

  /// Begins anew; the revisions go on, so that none is taken for one of before.
  init(_ inventory: Inventory, after other: History) {
    present = inventory
    revision = other.revision + 1
  }

  var canUndo: Bool { !done.isEmpty }
  var canRedo: Bool { !undone.isEmpty }

  /// Puts another inventory in the place of the present one.
  ///
  /// - Returns: whether they differ.
  @discardableResult
  mutating func change(to next: Inventory, _ title: String) -> Bool {
    let (old, new) = (present.builders, next.builders)
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start,
      old[old.count - 1 - end] == new[new.count - 1 - end]
    {
      end += 1
    }
    let values = (
      old: Change.Values(
        builders: Array(old[start..<(old.count - end)]), local: present.local),
      new: Change.Values(builders: Array(new[start..<(new.count - end)]), local: next.local)
    )
    let isSame =
      values.old.builders.isEmpty && values.new.builders.isEmpty && present.local == next.local
    if isSame, present.unknownKeys == next.unknownKeys { return false }
    if !isSame {
      done.append(Change(title: title, start: start, old: values.old, new: values.new))
      undone = []
    }
    present = next
    revision += 1
    return true
  }

  /// Takes the last change back.
  mutating func undo() -> Change? {
    guard let change = done.popLast() else { return nil }
    replace(change.start, change.new, with: change.old)
    undone.append(change)
    return change
  }

  /// Makes the change again that was taken back last.
  mutating func redo() -> Change? {
    guard let change = undone.popLast() else { return nil }
    replace(change.start, change.old, with: change.new)
    done.append(change)
    return change
  }

  private mutating func replace(_ start: Int, _ old: Change.Values, with new: Change.Values) {
    present.builders.replaceSubrange(start..<(start + old.builders.count), with: new.builders)
    present.local = new.local
    revision += 1
  }
}
