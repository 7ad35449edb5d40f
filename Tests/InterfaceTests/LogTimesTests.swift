import Testing

@testable import Interface

@Suite struct LogTimesTests {
  @Test("a line has the time of the last note at or before it")
  func notes() {
    var times = LogTimes()
    #expect(times.isEmpty)
    #expect(times[0] == nil)
    times.note(line: 2, at: 1)
    times.note(line: 10, at: 2.5)
    #expect(times[1] == nil)
    #expect(times[2] == 1)
    #expect(times[9] == 1)
    #expect(times[10] == 2.5)
    #expect(times[1_000_000] == 2.5)
  }

  @Test("notes that are closer than the precision, or of the same line, are one")
  func close() {
    var times = LogTimes()
    times.note(line: 0, at: 1)
    times.note(line: 5, at: 1.01)
    times.note(line: 0, at: 9)
    #expect(times[5] == 1)
  }

  @Test("there are never more than so many, and they get less exact instead")
  func bounded() {
    var times = LogTimes(limit: 100)
    for line in 0..<10_000 { times.note(line: line, at: Double(line) / 10) }
    #expect(times.precision > 5)
    for line in stride(from: 0, to: 10_000, by: 37) {
      let told = times[line] ?? -1
      #expect(told <= Double(line) / 10)
      #expect(told > Double(line) / 10 - 30)
    }
  }

  @Test(
    "since the log began",
    arguments: [
      (0.0, "0:00.0"), (7.39, "0:07.3"), (59.99, "0:59.9"), (61.0, "1:01.0"), (3599.9, "59:59.9"),
      (3600.0, "1:00:00"), (360_000.0, "99:59:59"), (-1.0, "0:00.0"),
    ])
  func elapsed(seconds: Double, text: String) {
    #expect(LogTime.elapsed(seconds) == text)
    #expect(text.count < LogTime.columns)
  }

  @Test(
    "by the time of day, past midnight too",
    arguments: [(0.0, "00:00:00"), (25_499.9, "07:04:59"), (86_460.0, "00:01:00")])
  func ofDay(seconds: Double, text: String) {
    #expect(LogTime.ofDay(seconds) == text)
  }

  @Test("@ shows times, those of the day, and none again")
  func toggled() {
    let store = LogStore()
    store.timeOfDay = 43_200
    store.note(time: 1.5)
    store.append("one\n".utf8)
    store.note(time: 62)
    store.append("two\n".utf8)
    var pane = LogPane(store: store)
    pane.press("@")
    #expect(pane.picture() == "  0:01.5 one\n  1:02.0 two\n\n")
    pane.press("@")
    #expect(pane.picture() == "12:00:01 one\n12:01:02 two\n\n")
    pane.press("#")
    #expect(pane.picture() == "12:00:01 1 one\n12:01:02 2 two\n\n")
    pane.press("@#")
    #expect(pane.picture() == "one\ntwo\n\n")
  }

  @Test("without times @ says that there are none")
  func none() {
    var pane = LogPane(["one"])
    #expect(pane.press("@") == nil)
    #expect(pane.picture() == "one\n\n\n")
    #expect(
      pane.status(rows: 4, columns: 20)
        == "following · line 1 · nobody has noted when these lines came")
  }

  @Test("where times would leave no room for the log they are not shown")
  func narrow() {
    let store = LogStore()
    store.note(time: 1)
    store.append("one\n".utf8)
    var pane = LogPane(store: store)
    pane.press("@")
    #expect(pane.picture(columns: 16) == "one\n\n\n")
    #expect(pane.picture(columns: 17) == "  0:01.0 one\n\n\n")
  }
}
