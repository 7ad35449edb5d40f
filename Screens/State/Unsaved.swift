import Builders
import Interface
import StateFiles

/// What tells one state of unsaved answers from another, without looking at every builder.
struct UnsavedMark: Equatable, Sendable {
  /// The ``History/revision`` of the inventory; `nil` when it is the one on disk.
  var revision: Int?
  /// The draft; `nil` when nothing in it was answered.
  var draft: Draft?
}

extension Session {
  /// What there is that is not written yet; `nil` for nothing.
  var unsavedMark: UnsavedMark? {
    guard hasUnsavedAnswers else { return nil }
    return UnsavedMark(
      revision: isChanged ? history.revision : nil, draft: openDraft?.draft)
  }

  /// The answers that are not part of the inventory yet, and the place of their builder there.
  private var openDraft: (draft: Draft, index: Int?)? {
    draft == begun ? shelved.map { ($0.draft, nil) } : (draft, editedIndex)
  }

  /// The unsaved answers, to be kept outside.
  public var unsavedChanges: UnsavedChanges {
    UnsavedChanges(
      inventory: isChanged ? UnsavedChanges.Edit(before: saved, after: inventory) : nil,
      draft: openDraft.map { draft, index in
        UnsavedChanges.Draft(
          builder: draft.builder, local: draft.local,
          edited: index.map { inventory.builders[$0].alias })
      })
  }

  /// What becomes of unsaved answers when the program ends.
  public enum Leftover: Sendable {
    /// What is kept is left as it is.
    case untouched
    /// They are kept for the next start.
    case keep(UnsavedChanges)
    /// They are given up, or there are none.
    case drop
  }

  /// What becomes of unsaved answers.
  ///
  /// - Parameter isWanted: whether the person has ended the program, and not a signal.
  public func leftover(isWanted: Bool) -> Leftover {
    if kept != nil { return .untouched }
    // What is there and was not this session's may be a newer version's.
    if !hasUnsavedAnswers { return hasKept ? .drop : .untouched }
    return isWanted && parting != .keepAnswers ? .drop : .keep(unsavedChanges)
  }

  /// Takes up the changes of an earlier session.
  ///
  /// - Returns: where the person was.
  mutating func takeUpKept() -> Step {
    guard let changes = kept?.changes else { return isEmpty ? .welcome : .builders }
    kept = nil
    if let edit = changes.inventory {
      let merge = InventoryMerge(edit.after, from: edit.before, onto: saved)
      change("what was changed before") { $0 = merge.inventory }
    }
    guard let draft = changes.draft else {
      return isEmpty ? .welcome : .builders
    }
    let index = draft.edited.flatMap { alias in
      inventory.builders.firstIndex { $0.alias == alias }
    }
    if let index {
      editBuilder(at: index)
    } else {
      beginBuilder()
    }
    self.draft = Draft(builder: draft.builder, local: draft.local)
    return index == nil ? .address : .edit
  }
}

extension KeptChanges {
  /// What there is, as a sentence or two.
  var summary: String {
    var parts: [String] = []
    if let edit = changes.inventory {
      parts += InventoryDifference(from: edit.before, to: edit.after).lines
    }
    if let draft = changes.draft {
      let alias = draft.builder.alias.isEmpty ? "a new builder" : draft.builder.alias
      parts.append(
        draft.edited == nil ? "\(alias): begun" : "\(draft.edited ?? alias): was being edited")
    }
    let shown = parts.prefix(6)
    let more = parts.count - shown.count
    return (shown + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n")
  }
}

extension Session {
  /// Whether there is nothing that the builder list could show or bring back.
  var isEmpty: Bool {
    inventory.builders.isEmpty && saved.builders.isEmpty && !history.canUndo && !history.canRedo
  }
}

extension Dialog {
  /// Asks whether the changes of an earlier session are taken up.
  init(takingUp kept: KeptChanges, now: Moment?) {
    let age = now.map { " of \(kept.at.age(at: $0))" } ?? ""
    let warning =
      kept.isOutdated
      ? "\n\nbuilders.json has changed since. They are put on top of what it says now." : ""
    self.init(
      title: "Take up the changes\(age)?",
      text: "They were not written when the program ended.\n\n\(kept.summary)\(warning)",
      choices: ["Take them up", "Drop them"], escape: 0)
  }
}
