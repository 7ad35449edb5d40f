import Builders

/// An entry of the catalogue: what has to be printed, and what it means.
struct Entry: Sendable {
  /// A line is known by texts that it holds, all of them.
  typealias Line = [String]

  /// The lines that show it: one of these is there,
  let shownBy: [Line]
  /// one of these too, if there are any,
  let along: [Line]
  /// and none of these.
  let unless: [Line]
  /// What to say of it; `nil` when what is in the lines shows that it is something else.
  let words: @Sendable (Symptoms) -> Diagnosis?

  init(
    _ shownBy: [Line], along: [Line] = [], unless: [Line] = [],
    _ words: @escaping @Sendable (Symptoms) -> Diagnosis?
  ) {
    self.shownBy = shownBy
    self.along = along
    self.unless = unless
    self.words = words
  }

  /// The cause, where the evidence shows it.
  func diagnosis(_ symptoms: Symptoms) -> Diagnosis? {
    let printed = symptoms.printed
    guard shownBy.contains(where: printed.hasLine),
      along.isEmpty || along.contains(where: printed.hasLine),
      !unless.contains(where: printed.hasLine)
    else { return nil }
    return words(symptoms)
  }
}
