import CTerm
import Glibc

/// What the event loop has to remember from one round to the next.
struct Session {
  /// A round takes no more messages, so that keys do not have to wait.
  static let messagesAtOnce = 1024
  /// Not more than 60 frames a second.
  private static let frameInterval = 1.0 / 60
  /// A key shows at once, unless it would mean two frames that nobody can tell apart.
  private static let frameIntervalAfterKey = 0.004

  /// Why the loop is to end.
  private(set) var ending: EventLoop.Ending?
  /// Whether the mailbox has something.
  private(set) var hasMessages = false

  private let input: Int32
  private let began = Session.clock
  private var decoder: InputDecoder
  private var canvas: Canvas?

  private var isDirty = true
  private var keyWaits = true
  private var lastFrame = -1.0
  private var nextTick: Double?
  /// When what is incomplete in the decoder is given up.
  private var lastByte = 0.0
  private var hasInput = false
  private var isResized = false

  init(input: Int32, keys: [[UInt8]: Key]) {
    self.input = input
    decoder = InputDecoder(keys: keys)
  }

  /// Seconds since the loop began.
  var now: Double { Self.clock - began }

  private static var clock: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  // MARK: - Frames and ticks

  private var frameDue: Double? {
    guard isDirty else { return nil }
    return lastFrame + (keyWaits ? Self.frameIntervalAfterKey : Self.frameInterval)
  }

  /// Draws, if there is something new and it is time.
  mutating func draw(_ application: some Application, on terminal: inout Terminal) {
    guard let frameDue, frameDue <= now else { return }
    var canvas = Canvas(size: terminal.size)
    application.draw(on: &canvas)
    terminal.show(canvas)
    self.canvas = canvas
    lastFrame = now
    isDirty = false
    keyWaits = false
  }

  /// Takes in how soon the application wants the next tick.
  mutating func scheduleTick(_ interval: Double?) {
    guard let interval else {
      nextTick = nil
      return
    }
    let next = now + max(interval, Self.frameInterval)
    nextTick = min(nextTick ?? next, next)
  }

  // MARK: - Waiting

  /// Waits until something happens, or it is time for something.
  mutating func wait(for mailbox: Mailbox<some Sendable>) {
    let giveUp = decoder.patience.map { lastByte + $0 }
    let due = isResized ? now : [frameDue, nextTick, giveUp].compactMap(\.self).min()
    let timeout = due.map { Int32(($0 - now).clamped(to: 0...3600) * 1000 + 0.999) } ?? -1
    var descriptors = [
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: cterm_signal_descriptor(), events: Int16(POLLIN), revents: 0),
      // Nothing is expected here; that it has gone is always told.
      pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
    ]
    let count = poll(&descriptors, nfds_t(descriptors.count), timeout)
    if count < 0 {
      hasInput = false
      hasMessages = false
      return
    }
    hasInput = descriptors[0].revents != 0
    hasMessages = descriptors[1].revents != 0
    if descriptors[3].revents != 0 { ending = .terminalLost }
  }

  // MARK: - What has happened

  /// Does what signals ask for. Not `nil` when one of them ends the program.
  mutating func takeSignals(on terminal: inout Terminal) -> EventLoop.Ending? {
    let signals = cterm_take_signals()
    if signals == 0 { return nil }
    func has(_ signal: Int32) -> Bool { signals >> UInt64(signal) & 1 == 1 }
    for signal in [SIGTERM, SIGINT, SIGQUIT, SIGHUP] where has(signal) { return .signal(signal) }
    if has(SIGTSTP) {
      stop(&terminal)
    } else if has(SIGCONT) {
      // Stopped with SIGSTOP, of which nobody is told.
      terminal.reenter()
      resize(&terminal)
    } else if has(SIGWINCH) {
      resize(&terminal)
    }
    return nil
  }

  private mutating func resize(_ terminal: inout Terminal) {
    isResized = terminal.takeSize() || isResized
    redraw()
  }

  private mutating func stop(_ terminal: inout Terminal) {
    terminal.stop()
    resize(&terminal)
  }

  private mutating func redraw() {
    isDirty = true
    keyWaits = true
  }

  /// What the person and the clock have done since.
  mutating func inputs(on terminal: inout Terminal) -> [Input] {
    var inputs: [Input] = []
    if hasInput, ending == nil {
      for event in read() { take(event, on: &terminal, &inputs) }
    } else if let patience = decoder.patience, lastByte + patience <= now {
      for event in decoder.giveUp() { take(event, on: &terminal, &inputs) }
    }
    if isResized {
      isResized = false
      inputs.append(.resize(terminal.size))
    }
    if let nextTick, nextTick <= now {
      self.nextTick = nil
      inputs.append(.tick)
    }
    return inputs
  }

  private mutating func read() -> [InputDecoder.Event] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(input, &bytes, bytes.count)
    if count > 0 {
      lastByte = now
      return decoder.decode(bytes[..<count])
    }
    if count == 0 || (errno != EINTR && errno != EAGAIN) { ending = .terminalLost }
    return []
  }

  private mutating func take(
    _ event: InputDecoder.Event, on terminal: inout Terminal, _ inputs: inout [Input]
  ) {
    switch event {
    case .key(.control("z")): stop(&terminal)
    case .key(let key):
      if key == .control("l") {
        terminal.forget()
        redraw()
      }
      inputs.append(.key(key))
    case .paste(let text): inputs.append(.paste(text))
    case .press(let position):
      if let target = canvas?.target(at: position) { inputs.append(.press(target)) }
    case .wheel(let notches, let position):
      guard let target = canvas?.target(at: position) else { return }
      inputs.append(.wheel(notches * Self.linesANotch, target))
    }
    if !inputs.isEmpty { keyWaits = true }
  }

  private static let linesANotch = 3

  // MARK: - Effects

  /// Carries out what the application wants after it has taken something.
  mutating func deliver<Effect>(
    _ effects: [Effect], on terminal: inout Terminal, _ perform: (Effect) -> [TerminalRequest]
  ) {
    isDirty = true
    for request in effects.flatMap(perform) {
      switch request {
      case .quit: ending = .quit
      case .copy(let text): terminal.copy(text)
      case .ring: terminal.ring()
      case .suspend: stop(&terminal)
      }
    }
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
