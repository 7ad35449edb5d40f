import Terminal

/// A log that one follows, scrolls through and searches while it grows.
///
/// The pane is a value beside the ``LogStore`` that it shows. It must know its size when it takes a
/// key, since a page is as long as the pane is high; drawing changes nothing.
public struct LogPane {
  /// The log.
  public let store: LogStore
  /// The name under which the pane takes the mouse's wheel; `nil` leaves the mouse to the terminal,
  /// which can select text then.
  public var target: Target?
  /// The path that is offered when the log is to be saved.
  public var suggestedPath = ""
  /// Whether the end of the log is kept in view.
  public internal(set) var isFollowing = true
  /// Whether lines are broken at the right edge, instead of cut off.
  public var wraps = false
  /// Whether each line has its number before it.
  public internal(set) var showsLineNumbers = false
  /// Whether each line has before it when it came.
  public internal(set) var times = Times.none

  /// How it is told when lines came.
  public enum Times: Sendable {
    /// Not at all.
    case none
    /// Since the log began.
    case elapsed
    /// By the time of day.
    case ofDay
  }

  /// The first row in view, unless the log is followed.
  var top = LogPosition()
  /// The first column in view, unless lines are wrapped.
  var left = 0
  /// The line that was gone to.
  var current: Int?
  var prompt: LogPrompt?
  var search: LogSearch?
  var errors: LogSearch?
  var filter: LogScan?
  /// Whose lines are shown; `nil` for everybody's.
  var owners: LogOwnerScan?
  /// What the last key came to, until the next one.
  var notice: String?
  /// Where everything was before a prompt, for Esc.
  var origin: Origin?

  struct Origin {
    var isFollowing: Bool
    var top: LogPosition
    var left: Int
    var current: Int?
    var search: LogSearch?
    var filter: LogScan?
  }

  /// Bytes that are looked through at one ``Terminal/Input/tick``: a few milliseconds.
  static let budget = 2 * 1024 * 1024
  /// Lines whose owners are looked at at one tick.
  static let lineBudget = 1 << 19
  static let horizontalStep = 8

  /// What the pane leaves to those around it.
  public enum Event: Equatable, Sendable {
    /// The log is to be saved: see ``LogStore/snapshot()``.
    case save(path: String)
    /// The text in view is to be put on the clipboard.
    case copy(String)
    /// The pane has no use for this input, such as Esc when nothing is left to be cleared.
    case unused
  }

  /// Creates a pane that follows a log.
  public init(store: LogStore) { self.store = store }

  /// Whether text is being typed, so that no letter is a command.
  public var isPrompting: Bool { prompt != nil }

  /// Whether ``Terminal/Input/tick`` is wanted, as often as every few milliseconds.
  public var wantsTick: Bool {
    owners?.isComplete(in: store) == false
      || [search?.scan, errors?.scan, filter].contains { $0?.isComplete(in: store) == false }
  }

  // MARK: - Input

  /// Takes a key, pasted text, a turn of the wheel or a tick.
  ///
  /// - Parameters:
  ///   - rows: the height of the area in which the pane is drawn.
  ///   - columns: its width.
  public mutating func handle(_ input: Input, rows: Int, columns: Int) -> Event? {
    let view = View(rows: prompt == nil ? rows : rows - 1, columns: columns)
    switch input {
    case .tick:
      look(view)
      return nil
    case .wheel(let lines, let target) where target == self.target:
      scroll(by: lines, view)
      return nil
    case .paste: return edit(input, view)
    case .key(let key):
      notice = nil
      return handle(key, view)
    case .press, .wheel, .resize: return .unused
    }
  }

  private mutating func handle(_ key: Key, _ view: View) -> Event? {
    if let binding = bindings.binding(of: key) {
      notice = binding.off
      return binding.off == nil ? perform(binding.action, view) : nil
    }
    if prompt != nil { return handlePrompt(key, view) }
    switch key {
    case .left: left = max(0, left - Self.horizontalStep)
    case .right: scrollRight(view)
    default:
      guard let motion = Motion(key) else { return .unused }
      move(motion, view)
    }
    return nil
  }

  private mutating func move(_ motion: Motion, _ view: View) {
    switch motion {
    case .up: scroll(by: -1, view)
    case .down: scroll(by: 1, view)
    case .pageUp: scroll(by: -view.page, view)
    case .pageDown: scroll(by: view.page, view)
    case .first: goToBeginning(view)
    case .last: follow(true, view)
    }
  }

  /// Takes back the search, or else the filter.
  mutating func clear(_ view: View) {
    if search != nil || current != nil {
      search = nil
      current = nil
    } else if filter != nil {
      let line = firstLineInView(view)
      filter = nil
      if !isFollowing { top = LogPosition(line: line) }
    }
  }
}
