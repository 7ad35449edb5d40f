import Terminal

/// Questions one below the other, and the answers to them.
///
/// What is typed into a field becomes an answer as soon as it is valid. What is not valid stays in
/// its field as it was typed, and the answer stays what it was.
public struct Form<Answers> {
  let questions: [Question<Answers>]
  /// The answers, each the last valid one.
  public private(set) var answers: Answers
  var fields: [Field]
  /// What is wrong with each field.
  private var messages: [String?]
  /// The fields in which something was typed.
  private var touched: Set<Int> = []
  /// Whether Enter was pressed: from then on nothing that is missing goes unsaid.
  private var isTried = false
  /// The question that has the focus, if any is shown.
  private(set) var focus: Int?

  /// What became of an input.
  public enum Event: Equatable {
    /// An answer, a text, or the focus.
    case changed
    /// The person wants to go on, and all that is shown is valid.
    case submitted
  }

  /// Creates a form, the focus on its first question.
  public init(_ questions: [Question<Answers>], answers: Answers) {
    self.questions = questions
    self.answers = answers
    fields = questions.map { $0.field(answers) }
    messages = Array(repeating: nil, count: questions.count)
    // Nothing was typed yet: the answers stay as they were given.
    var scratch = answers
    for index in questions.indices {
      messages[index] = questions[index].store(fields[index], &scratch)
    }
    focus = shown.first
  }

  // MARK: - What is asked now

  /// The questions that are asked, given the answers.
  var shown: [Int] { questions.indices.filter { questions[$0].isShown(answers) } }

  /// Whether single letters are text now.
  public var isTyping: Bool { focus.map { fields[$0].isTyping } ?? false }

  /// The title of the question that has the focus.
  public var focusedTitle: String { focus.map { questions[$0].title } ?? "" }

  /// The help to the question that has the focus.
  public var focusedHelp: String { focus.map { questions[$0].help } ?? "" }

  /// Whether all that is shown is valid.
  public var isValid: Bool { shown.allSatisfy { messages[$0] == nil } }

  /// Whether a field's fault is to be shown. That nothing was typed yet is none before Enter.
  func isFaulty(_ index: Int) -> Bool {
    messages[index] != nil && (isTried || touched.contains(index) || !fields[index].isEmpty)
  }

  /// What is wrong with the field that has the focus, or else with the first one.
  public var problem: (title: String, message: String)? {
    let faulty = shown.filter(isFaulty)
    guard let index = focus.flatMap({ faulty.contains($0) ? $0 : nil }) ?? faulty.first,
      let message = messages[index]
    else { return nil }
    return (questions[index].title, message)
  }

  // MARK: - From outside

  /// Changes answers; fields that show what was changed follow, invalid texts stay.
  public mutating func update(_ change: (inout Answers) -> Void) {
    let old = answers
    change(&answers)
    for index in questions.indices {
      let stale = questions[index].field(old)
      let fresh = questions[index].field(answers)
      // As long as the answer stays the same, so does the way in which it was typed.
      if fresh.holdsSame(as: stale) { continue }
      if messages[index] == nil || fields[index].holdsSame(as: stale) {
        fields[index].follow(fresh)
      }
    }
    store()
  }

  /// Moves the focus to a question, if it is asked.
  public mutating func focus(_ title: String) {
    guard let index = shown.first(where: { questions[$0].title == title }) else { return }
    move(to: index)
  }

  // MARK: - Input

  /// Takes a key, a paste, or what the mouse does.
  ///
  /// - Returns: what became of it; `nil` when it means nothing to a form.
  public mutating func handle(_ input: Input) -> Event? {
    // A list that belongs to a field has the arrows first, and Enter where one is chosen in it.
    if let focus, case .suggestion = fields[focus], let event = type(input) { return event }
    switch input {
    case .key(.tab): move(by: 1, around: true)
    case .key(.backTab): move(by: -1, around: true)
    case .key(.down): move(by: 1, around: false)
    case .key(.up): move(by: -1, around: false)
    case .key(.enter): return submit()
    case .wheel(let lines, let target) where target.name == Self.targetName:
      move(by: lines.signum(), around: false)
    case .press(let target) where target.name == Self.targetName: press(target.index)
    case .key, .paste: return type(input)
    case .press, .wheel, .resize, .tick: return nil
    }
    return .changed
  }

  private mutating func type(_ input: Input) -> Event? {
    guard let focus else { return nil }
    let before = fields[focus]
    guard fields[focus].handle(input) else { return nil }
    if !fields[focus].holdsSame(as: before) { touched.insert(focus) }
    questions[focus].settle(&fields[focus], false)
    store()
    return .changed
  }

  private mutating func press(_ number: Int) {
    let (index, part) = Self.place(number)
    guard shown.contains(index) else { return }
    move(to: index)
    guard let part else { return }
    let before = fields[index]
    fields[index].press(part)
    if !fields[index].holdsSame(as: before) { touched.insert(index) }
    store()
  }

  private mutating func submit() -> Event {
    leave()
    guard let wrong = shown.first(where: { messages[$0] != nil }) else { return .submitted }
    isTried = true
    focus = wrong
    return .changed
  }

  // MARK: - Focus

  private mutating func move(by distance: Int, around: Bool) {
    let shown = shown
    guard let focus, let place = shown.firstIndex(of: focus) else { return }
    let next = place + distance
    if shown.indices.contains(next) {
      move(to: shown[next])
    } else if around {
      move(to: shown[next < 0 ? shown.count - 1 : 0])
    }
  }

  private mutating func move(to index: Int) {
    guard index != focus else { return }
    leave()
    focus = index
    select(index)
    store()
  }

  private mutating func select(_ index: Int) {
    guard questions[index].isReplaced(answers), case .text(var field) = fields[index] else {
      return
    }
    field.select()
    fields[index] = .text(field)
  }

  private mutating func leave() {
    guard let focus else { return }
    questions[focus].settle(&fields[focus], true)
    if case .text(var field) = fields[focus] {
      field.deselect()
      fields[focus] = .text(field)
    }
    store()
  }

  // MARK: - Answers

  /// Stores all that is valid, and lets questions and fields follow the answers.
  private mutating func store() {
    // Whether one answer is valid may hang on another that stands below it.
    for _ in 0..<2 {
      for index in shown { messages[index] = questions[index].store(fields[index], &answers) }
    }
    for index in questions.indices { questions[index].refresh(&fields[index], answers) }
    guard let focus else {
      self.focus = shown.first
      return
    }
    let shown = shown
    if !shown.contains(focus) { self.focus = shown.first { $0 > focus } ?? shown.last }
  }

  // MARK: - Mouse

  static var targetName: String { "form" }
  /// More parts than any field has.
  private static var partLimit: Int { 1000 }

  /// What a field, or a part of it, reacts to the mouse as.
  static func target(_ index: Int, part: Int? = nil) -> Target {
    Target(targetName, index * partLimit + (part.map { min($0, partLimit - 2) + 1 } ?? 0))
  }

  private static func place(_ number: Int) -> (index: Int, part: Int?) {
    let part = number % partLimit
    return (number / partLimit, part == 0 ? nil : part - 1)
  }
}
