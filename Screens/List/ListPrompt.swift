import Interface

/// What one types in the builder list to get at a builder.
struct ListPrompt {
  /// What becomes of it.
  enum Purpose {
    /// The next builder that has it is gone to.
    case find
    /// Those that do not have it are hidden.
    case filter
  }

  let purpose: Purpose
  var field: TextField
  /// The row that was selected before.
  let start: Int

  init(_ purpose: Purpose, text: String, start: Int) {
    self.purpose = purpose
    self.start = start
    let example =
      purpose == .filter ? "failed, built, aarch64, kvm, !off …" : "a part of its name …"
    field = TextField(text, placeholder: example)
  }

  /// What stands before it.
  var label: String { purpose == .find ? "find" : "filter" }
}
