/// Reads a log as it comes, in pieces cut anywhere: Nix's own (`--log-format internal-json`), what
/// it prints for people, or any other.
///
/// It is made for speed: a line that a build has printed goes straight into the text of the batch,
/// and lines that are not Nix's own do so many at a time. No line is lost.
public struct NixLogReader: Sendable {
  /// The beginning of a line whose end has not come.
  private var pending: [UInt8] = []
  /// Whether the beginning of the line that comes was passed on already.
  private var isWithinLine = false
  private var renderer = NixLogRenderer()
  private var plain = PlainNixLog()
  /// What stands before the lines of the build that has printed last.
  private var prompt: (id: UInt64, text: [UInt8])?

  /// Creates a reader at the beginning of a log.
  public init() {}

  /// Takes the next piece of the log.
  public mutating func read(_ piece: UnsafeRawBufferPointer, into batch: inout NixLogBatch) {
    var start = 0
    if isWithinLine || !pending.isEmpty {
      let end = piece.firstIndex(of: .lineFeed, from: 0).map { $0 + 1 } ?? piece.count
      goOn(UnsafeRawBufferPointer(rebasing: piece[..<end]), &batch)
      start = end
    }
    // What is passed on as it came, from the first line of several.
    var verbatim = start
    while let end = piece.firstIndex(of: .lineFeed, from: start) {
      let line = UnsafeRawBufferPointer(rebasing: piece[start..<end])
      if let object = NixLogParser.object(in: line), let line = NixLogLine(object) {
        if start > verbatim { batch.text.append(contentsOf: piece[verbatim..<start]) }
        verbatim = take(line, &batch) ? end + 1 : start
      }
      if verbatim <= start { plain.take(line, &batch) }
      start = end + 1
    }
    if start > verbatim { batch.text.append(contentsOf: piece[verbatim..<start]) }
    pending.append(contentsOf: piece[start...])
    if pending.count > NixLogParser.longestLine { passOn(&batch) }
    plain.settle(&batch)
  }

  /// Passes on the beginning of a line, unless it is Nix's own, since the rest takes its time.
  public mutating func passOnBegun(into batch: inout NixLogBatch) {
    let mark = UnsafeRawBufferPointer(
      start: NixLogParser.mark.utf8Start, count: NixLogParser.mark.utf8CodeUnitCount)
    if pending.isEmpty || zip(pending, mark).allSatisfy({ $0 == $1 }) { return }
    passOn(&batch)
    plain.settle(&batch)
  }

  /// The log has ended: passes on a last line without line end.
  public mutating func finish(into batch: inout NixLogBatch) {
    if pending.isEmpty { return }
    goOn(UnsafeRawBufferPointer(start: nil, count: 0), &batch)
    if !pending.isEmpty, !takePending(&batch) { passOn(&batch) }
    plain.settle(&batch)
  }

  // MARK: - A line in several pieces

  /// Takes the rest of a line, up to and with its end where that has come.
  private mutating func goOn(_ rest: UnsafeRawBufferPointer, _ batch: inout NixLogBatch) {
    let ends = rest.last == .lineFeed
    if isWithinLine {
      batch.text.append(contentsOf: rest)
      isWithinLine = !ends
      return
    }
    pending.append(contentsOf: rest.dropLast(ends ? 1 : 0))
    guard ends else {
      if pending.count > NixLogParser.longestLine { passOn(&batch) }
      return
    }
    if !takePending(&batch) {
      passOn(&batch)
      batch.text.append(.lineFeed)
      isWithinLine = false
    }
  }

  /// Takes the line if it is one of Nix's own.
  private mutating func takePending(_ batch: inout NixLogBatch) -> Bool {
    let line = pending
    let isTaken = line.withUnsafeBytes { line in
      guard let object = NixLogParser.object(in: line), let line = NixLogLine(object) else {
        return false
      }
      return take(line, &batch)
    }
    if isTaken { pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16) }
    return isTaken
  }

  private mutating func passOn(_ batch: inout NixLogBatch) {
    batch.text.append(contentsOf: pending)
    pending.withUnsafeBytes { plain.take($0, &batch) }
    pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16)
    isWithinLine = true
  }

  // MARK: - Lines of Nix's own

  /// - Returns: whether the line could be read as a whole.
  private mutating func take(_ line: NixLogLine, _ batch: inout NixLogBatch) -> Bool {
    if let progress = line.progress {
      plain.settle(&batch)
      batch.add(progress, of: line.id)
      return true
    }
    if line.isBuildLine { return takeBuildLine(line, &batch) }
    guard let event = line.event else { return false }
    plain.settle(&batch)
    let start = batch.text.count
    renderer.append(event, to: &batch.text)
    if case .stopped(prompt?.id) = event { prompt = nil }
    let lines = batch.text[start...].count { $0 == .lineFeed }
    if case .hookLine(let id, _) = event {
      batch.add(lines: lines, of: id)
    } else {
      batch.items.append(.event(event, lines: lines))
    }
    return true
  }

  private mutating func takeBuildLine(_ line: NixLogLine, _ batch: inout NixLogBatch) -> Bool {
    let start = batch.text.count
    if prompt?.id != line.id { prompt = (line.id, renderer.prompt(of: line.id)) }
    if let prompt { batch.text.append(contentsOf: prompt.text) }
    guard line.appendPrintedLine(to: &batch.text) else {
      batch.text.removeSubrange(start...)
      return false
    }
    plain.settle(&batch)
    // A line end within the line is possible, though Nix makes none.
    let lines = line.mayHaveLineEnd ? batch.text[start...].count { $0 == .lineFeed } : 0
    batch.text.append(.lineFeed)
    batch.add(lines: 1 + lines, of: line.id)
    return true
  }
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
}
