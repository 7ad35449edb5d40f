import Terminal

extension LogPane {
  /// What its keys do.
  public enum Action: Hashable, Sendable {
    /// Keep the end in view, or stay.
    case follow
    case find
    case nextFound
    case previousFound
    case filter
    case nextError
    case previousError
    case save
    case wrap
    case lineNumbers
    case times
    /// The lines in view.
    case copy
    /// Take back the search, or else the filter.
    case clear
    case acceptPrompt
    case leavePrompt
  }

  /// What its keys do now.
  public var bindings: [Binding<Action>] {
    if let prompt {
      return [
        Binding(.accept, prompt.purpose.action, .acceptPrompt),
        Binding(.back, "leave it", .leavePrompt),
      ]
    }
    var bindings = [
      Binding(.toggle, isFollowing ? "stay here" : "follow", Action.follow),
      Binding(.find, "find", .find),
      Binding(.nextFound, "next", .nextFound, isShown: search != nil),
      Binding(.previousFound, "previous", .previousFound, isShown: false),
      Binding(.filter, "filter", .filter), Binding(.nextFailure, "next error", .nextError),
      Binding(.previousFailure, "previous error", .previousError, isShown: false),
      Binding(.save, "save", .save),
      Binding(.longLines, wraps ? "cut long lines" : "wrap long lines", .wrap),
      Binding(.lineNumbers, "line numbers", .lineNumbers, isShown: false),
      Binding(
        .times, "times since the start, of the day", .times, isShown: false,
        off: store.times.isEmpty ? "nobody has noted when these lines came" : nil),
      Binding(.copy, "copy what is in view", .copy, isShown: false),
    ]
    if search != nil || current != nil {
      bindings.append(Binding(.back, "end the search", .clear))
    } else if filter != nil {
      bindings.append(Binding(.back, "all lines", .clear))
    }
    return bindings
  }

  /// How one moves in it.
  public var hints: [KeyBinding] {
    if prompt != nil { return [] }
    let sideways = wraps ? [] : [KeyBinding("← →", "scroll sideways", isShown: false)]
    return Motion.hints("scroll", isShown: false) + sideways
  }

  /// Performs an action.
  ///
  /// - Parameters:
  ///   - rows: the height of the area in which the pane is drawn.
  ///   - columns: its width.
  public mutating func perform(_ action: Action, rows: Int, columns: Int) -> Event? {
    notice = nil
    return perform(action, View(rows: prompt == nil ? rows : rows - 1, columns: columns))
  }

  mutating func perform(_ action: Action, _ view: View) -> Event? {
    switch action {
    case .follow: follow(!isFollowing, view)
    case .find: open(LogPrompt(.search))
    case .nextFound: goToMatch(isForward: true, view)
    case .previousFound: goToMatch(isForward: false, view)
    case .filter: open(LogPrompt(.filter, text: filter?.pattern.text ?? ""))
    case .nextError: goToError(isForward: true, view)
    case .previousError: goToError(isForward: false, view)
    case .save: open(LogPrompt(.save, text: suggestedPath))
    case .wrap: toggleWrapping(view)
    case .lineNumbers: showsLineNumbers.toggle()
    case .times: toggleTimes()
    case .copy: return copy(view)
    case .clear: clear(view)
    case .acceptPrompt: return acceptPrompt(view)
    case .leavePrompt: leavePrompt()
    }
    return nil
  }
}
