extension LogPane {
  /// The keys that mean something to the pane now.
  public var bindings: [KeyBinding] {
    if let prompt {
      return [KeyBinding("Enter", prompt.purpose.action), KeyBinding("Esc", "cancel")]
    }
    var bindings = [
      KeyBinding("Space", isFollowing ? "stay here" : "follow"), KeyBinding("/", "search"),
    ]
    if search != nil { bindings.append(KeyBinding("n N", "next, previous")) }
    bindings += [
      KeyBinding("f", "filter"), KeyBinding("] [", "next, previous error"),
      KeyBinding("s", "save"), KeyBinding("w", wraps ? "cut long lines" : "wrap"),
      KeyBinding("l", "line numbers", isShown: false),
    ]
    if !store.times.isEmpty {
      bindings.append(KeyBinding("T", "times since the start, of the day", isShown: false))
    }
    bindings += [
      KeyBinding("y", "copy what is in view", isShown: false),
      KeyBinding("↑ ↓", "scroll, also k and j", isShown: false),
      KeyBinding("PgUp PgDn", "scroll by a page", isShown: false),
      KeyBinding("Home End", "go to the first, the last line, also g and G", isShown: false),
    ]
    if !wraps { bindings.append(KeyBinding("← →", "scroll sideways", isShown: false)) }
    if search != nil || current != nil {
      bindings.append(KeyBinding("Esc", "end the search"))
    } else if filter != nil {
      bindings.append(KeyBinding("Esc", "all lines"))
    }
    return bindings
  }
}
