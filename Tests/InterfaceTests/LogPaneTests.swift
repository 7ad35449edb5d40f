import Terminal
import Testing

@testable import Interface

@Suite struct LogPaneTests {
  private let ten = (1...10).map { "line \($0)" }

  // MARK: - Following and scrolling

  @Test("the end of the log is in view until one goes elsewhere")
  func follow() {
    var pane = LogPane(ten)
    #expect(pane.picture() == "line 7\nline 8\nline 9\nline 10")
    #expect(pane.status(rows: 4, columns: 20) == "following · line 10")
    pane.store.append("line 11\nli".utf8)
    #expect(pane.picture() == "line 9\nline 10\nline 11\nli")
    pane.press(.up)
    #expect(!pane.isFollowing)
    pane.store.append("ne 12\nline 13\n".utf8)
    #expect(pane.picture() == "line 8\nline 9\nline 10\nline 11")
    #expect(pane.status(rows: 4, columns: 20) == "line 8–11 of 13")
    pane.press(" ")
    #expect(pane.isFollowing)
    #expect(pane.picture() == "line 10\nline 11\nline 12\nline 13")
  }

  @Test("the blank stops and starts the following where one is")
  func space() {
    var pane = LogPane(ten)
    pane.press(" ")
    pane.store.append("line 11\n".utf8)
    #expect(pane.picture() == "line 7\nline 8\nline 9\nline 10")
    #expect(!pane.isFollowing)
  }

  @Test("keys go where they say")
  func keys() {
    var pane = LogPane(ten)
    pane.press(.home)
    #expect(pane.picture() == "line 1\nline 2\nline 3\nline 4")
    #expect(!pane.isFollowing)
    pane.press(.down)
    #expect(pane.picture() == "line 2\nline 3\nline 4\nline 5")
    pane.press("j")
    pane.press("k")
    pane.press(.pageDown)
    #expect(pane.picture() == "line 5\nline 6\nline 7\nline 8")
    pane.press(.pageUp)
    #expect(pane.picture() == "line 2\nline 3\nline 4\nline 5")
    pane.press(.pageUp)
    #expect(pane.picture() == "line 1\nline 2\nline 3\nline 4")
    pane.press("G")
    #expect(pane.isFollowing)
    #expect(pane.picture() == "line 7\nline 8\nline 9\nline 10")
    pane.press("g")
    #expect(pane.picture() == "line 1\nline 2\nline 3\nline 4")
    pane.press(.end)
    #expect(pane.isFollowing)
  }

  @Test("whoever scrolls down to the end follows again")
  func end() {
    var pane = LogPane(ten)
    pane.press(.home)
    pane.press(.pageDown)
    pane.press(.pageDown)
    #expect(pane.isFollowing)
    #expect(pane.picture() == "line 7\nline 8\nline 9\nline 10")
  }

  @Test("in a log that fits, nothing scrolls and the following goes on")
  func short() {
    var pane = LogPane(["one", "two"])
    for key in [Key.up, .pageUp, .home, .down, .pageDown] {
      pane.press(key)
      #expect(pane.isFollowing)
      #expect(pane.picture() == "one\ntwo\n\n")
    }
    pane.store.append("three\nfour\nfive\n".utf8)
    #expect(pane.picture() == "two\nthree\nfour\nfive")
    var paused = LogPane(["one", "two"])
    paused.press(" ")
    paused.press(.up)
    #expect(!paused.isFollowing)
  }

  @Test("the wheel scrolls over the pane that it belongs to")
  func wheel() {
    var pane = LogPane(ten)
    pane.target = Target("log", 2)
    #expect(pane.handle(.wheel(-3, Target("log", 2)), rows: 4, columns: 20) == nil)
    #expect(pane.picture() == "line 4\nline 5\nline 6\nline 7")
    #expect(pane.handle(.wheel(-3, Target("log", 1)), rows: 4, columns: 20) == .unused)
    #expect(pane.picture() == "line 4\nline 5\nline 6\nline 7")
    var canvas = Canvas(size: Size(columns: 20, rows: 4))
    pane.draw(on: &canvas, in: canvas.area)
    #expect(canvas.target(at: Position(column: 3, row: 2)) == Target("log", 2))
  }

  @Test("without a name the mouse is the terminal's")
  func mouse() {
    var canvas = Canvas(size: Size(columns: 20, rows: 4))
    LogPane(ten).draw(on: &canvas, in: canvas.area)
    #expect(!canvas.reactsToMouse)
  }

  @Test("a larger window shows more of the log, also at its end")
  func resize() {
    var pane = LogPane(ten)
    pane.press(.up)
    #expect(pane.picture(rows: 6) == "line 5\nline 6\nline 7\nline 8\nline 9\nline 10")
    #expect(pane.picture(rows: 2) == "line 6\nline 7")
  }

  // MARK: - Long lines

  @Test("a long line is cut, with signs at its edges, and can be scrolled to its end")
  func horizontal() {
    var pane = LogPane(["0123456789abcdefghijklmnopqrst", "short"])
    #expect(pane.picture() == "0123456789abcdefghi…\nshort\n\n")
    pane.press(.right)
    #expect(pane.picture() == "…9abcdefghijklmnopq…\n…\n\n")
    pane.press(.right)
    #expect(pane.picture() == "…bcdefghijklmnopqrst\n…\n\n")
    pane.press(.right)
    #expect(pane.picture() == "…bcdefghijklmnopqrst\n…\n\n")
    pane.press(.left)
    pane.press(.left)
    #expect(pane.picture() == "0123456789abcdefghi…\nshort\n\n")
  }

  @Test("half of a wide character at the left edge is left out")
  func wideAtEdge() {
    var pane = LogPane(["1234567日本語x", "12345678日本語x"])
    pane.left = 8
    #expect(pane.picture(columns: 9) == "…本語x\n… 本語x\n\n")
  }

  @Test("w breaks lines at the edge, and scrolling goes by rows")
  func wrap() {
    var pane = LogPane(["0123456789abcdefghijklmnopqrst", "日本語", "end"])
    pane.press("l", columns: 10)
    #expect(pane.picture(rows: 5, columns: 10) == "0123456789\nabcdefghij\nklmnopqrst\n日本語\nend")
    #expect(pane.picture(rows: 3, columns: 10) == "klmnopqrst\n日本語\nend")
    pane.press(.up, rows: 3, columns: 10)
    #expect(pane.picture(rows: 3, columns: 10) == "abcdefghij\nklmnopqrst\n日本語")
    #expect(pane.status(rows: 3, columns: 10) == "line 1–2 of 3")
    pane.press(.home, rows: 3, columns: 10)
    #expect(pane.picture(rows: 3, columns: 5) == "01234\n56789\nabcde")
    pane.press("l", rows: 3, columns: 10)
    #expect(pane.picture(rows: 3, columns: 10) == "012345678…\n日本語\nend")
  }

  @Test("a line of 30 MB is drawn, wrapped or not, to its very end")
  func huge() {
    let line = String(repeating: "0123456789", count: 3_000_000)
    var pane = LogPane(["before", line + "END", "after"])
    #expect(pane.picture(columns: 10) == "before\n012345678…\nafter\n")
    for _ in 0..<3000 { pane.press(.right, columns: 10) }
    #expect(pane.picture(columns: 10) == "…\n…12345678…\n…\n")
    pane.left = 30_000_003 - 10
    #expect(pane.picture(columns: 10) == "…\n…456789END\n…\n")
    pane.press("lg", columns: 10)
    #expect(pane.picture(columns: 10) == "before\n0123456789\n0123456789\n0123456789")
    pane.press("G", columns: 10)
    // Its last piece begins a row of its own at the byte 1831 · 16,384, which is a 4.
    #expect(pane.picture(columns: 10) == "4567890123\n4567890123\n456789END\nafter")
    pane.press(.up, columns: 10)
    #expect(pane.status(rows: 4, columns: 10) == "line 2 of 3")
  }

  @Test("line numbers")
  func numbers() {
    var pane = LogPane(ten)
    pane.press("#")
    #expect(pane.picture() == " 7 line 7\n 8 line 8\n 9 line 9\n10 line 10")
    pane.press("l")
    #expect(pane.picture(columns: 12) == " 7 line 7\n 8 line 8\n 9 line 9\n10 line 10")
    pane.press(.up, columns: 10)
    #expect(
      LogPane.numbered(["0123456789", "x"]).picture(columns: 10) == "1 01234567\n  89\n2 x\n")
    // Where they would leave no room, they are not shown.
    #expect(pane.picture(columns: 7) == "line 6\nline 7\nline 8\nline 9")
  }

  @Test("in a very long line a tab is one blank, and nothing is torn between its pieces")
  func pieces() {
    // The first piece ends within the escape, the second within the last of three bytes.
    let first = String(repeating: "a", count: 16_381) + "\u{1B}[31mr\u{1B}[0m"
    let second = String(repeating: "b\t", count: 8_187)
    let line = first + second + "c日" + String(repeating: "d", count: 100)
    var pane = LogPane([line])
    pane.left = 16_384 - 5
    #expect(pane.picture(rows: 1) == "…a   rb b b b b b b…")
    #expect(pane.text(in: Style(.red), rows: 1) == ["r"])
    // Each piece has its place; what is not filled stays blank.
    pane.left = 32_768 - 12
    #expect(pane.picture(rows: 1) == "…b c        日ddddd…")
  }

  @Test("of a very long line too, what is left is what comes after its last carriage return")
  func longCarriageReturn() {
    let line = String(repeating: "x", count: 100_000) + "\r" + String(repeating: "y", count: 20_000)
    var pane = LogPane([line, line + "\rshort"])
    #expect(pane.picture(rows: 2) == "yyyyyyyyyyyyyyyyyyy…\nshort")
    pane.press("l")
    #expect(pane.picture(rows: 3) == "yyyyyyyyyyyyyyyyyyyy\nyyyyyyyyyyyyyyyy\nshort")
    pane.press(.home)
    #expect(pane.picture(rows: 1) == "yyyyyyyyyyyyyyyyyyyy")
  }

  // MARK: - Searching

  @Test("a search goes to the first match as it is typed")
  func search() {
    var pane = LogPane(["alpha", "beta", "gamma", "alphabet", "delta", "beta", "omega", "end"])
    pane.press(.home)
    #expect(!pane.isPrompting)
    pane.press("/")
    #expect(pane.isPrompting)
    #expect(pane.picture() == "alpha\nbeta\ngamma\n/")
    pane.press("bet")
    #expect(pane.picture() == "alpha\nbeta\ngamma\n/bet")
    #expect(pane.current == 1)
    #expect(pane.text(in: LogLook.currentMatch) == ["bet"])
    pane.press(.enter)
    #expect(!pane.isPrompting)
    #expect(pane.status(rows: 4, columns: 20) == "line 1–4 of 8 · 1 of 3 found")
    #expect(pane.text(in: LogLook.match) == ["bet"])
    pane.press("n")
    #expect(pane.current == 3)
    #expect(pane.picture() == "alpha\nbeta\ngamma\nalphabet")
    pane.press("n")
    #expect(pane.current == 5)
    #expect(pane.picture() == "delta\nbeta\nomega\nend")
    #expect(pane.status(rows: 4, columns: 20) == "line 5–8 of 8 · 3 of 3 found")
    pane.press("n")
    #expect(pane.current == 1)
    #expect(pane.notice == "on from the other end")
    pane.press("N")
    #expect(pane.current == 5)
    pane.press("N")
    #expect(pane.current == 3)
    #expect(pane.notice == nil)
  }

  @Test("what is found is not hidden by the prompt")
  func searchBehindPrompt() {
    var pane = LogPane(ten)
    pane.press(.home)
    pane.press("/line 4")
    #expect(pane.picture() == "line 3\nline 4\nline 5\n/line 4")
  }

  @Test("Esc takes the search back: while typing all of it, later the highlight")
  func searchEscape() {
    var pane = LogPane(ten)
    pane.press("/line 2")
    #expect(pane.current == 1)
    #expect(!pane.isFollowing)
    #expect(pane.press(.escape) == nil)
    #expect(pane.isFollowing)
    #expect(pane.current == nil)
    #expect(!pane.isPrompting)
    pane.press("/line 2")
    pane.press(.enter)
    #expect(pane.press(.escape) == nil)
    #expect(pane.search == nil)
    #expect(pane.text(in: LogLook.currentMatch) == [])
    #expect(pane.press(.escape) == .unused)
  }

  @Test("correcting the text searches again from where one was")
  func correcting() {
    var pane = LogPane(ten)
    pane.press(.home)
    pane.press("/line 9")
    #expect(pane.current == 8)
    pane.press(.backspace)
    #expect(pane.current == 0)
    pane.press("x")
    #expect(pane.current == nil)
    #expect(pane.picture() == "line 1\nline 2\nline 3\n/line x")
    #expect(pane.status(rows: 4, columns: 20) == "line 1–3 of 10 · nothing found")
    pane.press(.control("u"))
    #expect(pane.search == nil)
    pane.press("line 3")
    pane.press(.enter)
    pane.press("/")
    pane.press(.enter)
    #expect(pane.current == 2)
    #expect(pane.status(rows: 4, columns: 20).hasPrefix("line 1–4 of 10 · 1 of 1 found"))
  }

  @Test("n goes on from what is in view after one has scrolled away")
  func searchFromView() {
    var pane = LogPane((1...30).map { "line \($0)" })
    pane.press(.home)
    pane.press("/line")
    pane.press(.enter)
    #expect(pane.current == 0)
    for _ in 0..<5 { pane.press(.pageDown) }
    pane.press("n")
    #expect(pane.current == 15)
    pane.press(.pageUp)
    pane.press(.pageUp)
    pane.press("N")
    #expect(pane.current == 8)
  }

  @Test("a search through a long log does not wait for its end, and goes there when it is found")
  func slices() {
    let filler = String(repeating: String(repeating: ".", count: 99) + "\n", count: 30_000)
    let store = LogStore()
    store.append(filler.utf8)
    store.append("needle 1\n".utf8)
    store.append(filler.utf8)
    store.append("needle 2\n".utf8)
    var pane = LogPane(store: store)
    pane.press("G/needle")
    #expect(pane.current == 60_001)
    #expect(pane.wantsTick)
    #expect(pane.status(rows: 4, columns: 20).contains(" · 1 of 1 found, 3"))
    pane.press(.enter)
    pane.press("n")
    #expect(pane.current == 60_001)
    for _ in 0..<10 where pane.wantsTick { _ = pane.handle(.tick, rows: 4, columns: 20) }
    #expect(pane.current == 30_000)
    #expect(!pane.wantsTick)
    #expect(pane.status(rows: 4, columns: 20).contains(" · 1 of 2 found"))
    pane.store.append("needle 3\n".utf8)
    #expect(pane.wantsTick)
    _ = pane.handle(.tick, rows: 4, columns: 20)
    #expect(!pane.wantsTick)
    #expect(pane.status(rows: 4, columns: 20).contains(" · 1 of 3 found"))
  }

  @Test("backwards too, a search waits until nothing nearer can be found")
  func backwards() {
    let filler = String(repeating: String(repeating: ".", count: 99) + "\n", count: 30_000)
    let store = LogStore()
    for number in 1...3 { store.append("needle \(number)\n\(filler)".utf8) }
    var pane = LogPane(store: store)
    pane.press("/needle")
    pane.press(.enter)
    #expect(pane.current == 0)
    pane.press("N")
    // The last is not known yet.
    #expect(pane.current == 0)
    #expect(pane.search?.scan.lines.count == 1)
    for _ in 0..<10 where pane.wantsTick { _ = pane.handle(.tick, rows: 4, columns: 20) }
    #expect(pane.current == 60_002)
    pane.press("N")
    #expect(pane.current == 30_001)
  }

  @Test("who scrolls on is not taken to what is found later")
  func impatience() {
    let filler = String(repeating: String(repeating: ".", count: 99) + "\n", count: 60_000)
    let store = LogStore()
    store.append("\(filler)needle\n\(filler)".utf8)
    var pane = LogPane(store: store)
    pane.press("g/needle")
    pane.press(.enter)
    pane.press(.pageDown)
    for _ in 0..<20 where pane.wantsTick { _ = pane.handle(.tick, rows: 4, columns: 20) }
    #expect(pane.current == nil)
    #expect(pane.picture().hasPrefix("..."))
    pane.press("n")
    #expect(pane.current == 60_000)
  }

  @Test("a match far to the right is brought into view")
  func searchToTheRight() {
    var pane = LogPane(["start", String(repeating: "-", count: 50) + "needle", "needle"])
    pane.press(.home)
    pane.press("/needle")
    #expect(pane.left == 40)
    #expect(pane.picture(rows: 4) == "…\n…---------needle\n…\n/needle")
    pane.press(.enter)
    pane.press("n")
    #expect(pane.left == 0)
    pane.press("gl")
    pane.press("n", rows: 2)
    #expect(pane.picture(rows: 2) == "----------needle\nneedle")
  }

  // MARK: - Filtering

  @Test("a filter leaves only the lines with a text, which keep their numbers")
  func filter() {
    var pane = LogPane(["a 1", "b 2", "a 3", "b 4", "a 5", "a 6", "b 7", "a 8"])
    pane.press("#fa")
    #expect(pane.picture() == "5 a 5\n6 a 6\n8 a 8\nonly lines with a")
    pane.press(.enter)
    #expect(pane.picture() == "3 a 3\n5 a 5\n6 a 6\n8 a 8")
    #expect(pane.status(rows: 4, columns: 20) == "following · line 8 · 5 lines with “a”")
    pane.store.append("b 9\na 10\n".utf8)
    #expect(pane.wantsTick)
    _ = pane.handle(.tick, rows: 4, columns: 20)
    #expect(pane.picture() == " 5 a 5\n 6 a 6\n 8 a 8\n10 a 10")
    pane.press(.up)
    #expect(pane.picture() == " 3 a 3\n 5 a 5\n 6 a 6\n 8 a 8")
    #expect(pane.status(rows: 4, columns: 20) == "line 3–8 of 10 · 6 lines with “a”")
    #expect(pane.press(.escape) == nil)
    #expect(pane.picture() == " 3 a 3\n 4 b 4\n 5 a 5\n 6 a 6")
    #expect(pane.press(.escape) == .unused)
  }

  @Test("Esc leaves the filter as it was; an empty text ends it")
  func filterEscape() {
    var pane = LogPane(["a 1", "b 2", "ab 3"])
    pane.press("fa")
    pane.press(.enter)
    pane.press("fb")
    #expect(pane.picture() == "ab 3\n\n\nonly lines with ab")
    pane.press(.escape)
    #expect(pane.picture() == "a 1\nab 3\n\n")
    pane.press("f")
    pane.press(.control("u"))
    pane.press(.enter)
    #expect(pane.picture() == "a 1\nb 2\nab 3\n")
  }

  @Test("a search in a filtered log finds only what is shown")
  func searchInFilter() {
    var pane = LogPane(["a x", "b x", "a y", "a x", "b x"])
    pane.press("fa")
    pane.press(.enter)
    pane.press("/x")
    pane.press(.enter)
    #expect(pane.current == 0)
    pane.press("n")
    #expect(pane.current == 3)
    #expect(pane.status(rows: 4, columns: 20).contains(" · 2 of 2 found"))
    pane.press("n")
    #expect(pane.current == 0)
    pane.press("N")
    #expect(pane.current == 3)
  }

  @Test("a filter that no line passes shows nothing")
  func emptyFilter() {
    var pane = LogPane(ten)
    pane.press("fnothing")
    pane.press(.enter)
    #expect(pane.picture() == "\n\n\n")
    for key in [Key.up, .down, .pageUp, .home, .end, .right] { pane.press(key) }
    pane.press("l/x")
    pane.press(.enter)
    pane.press("nN][ ")
    #expect(pane.picture() == "\n\n\n")
    pane.store.append("nothing\n".utf8)
    _ = pane.handle(.tick, rows: 4, columns: 20)
    #expect(pane.picture() == "nothing\n\n\n")
  }

  // MARK: - Errors

  @Test("] and [ go from error to error, marked lines included")
  func errors() {
    var pane = LogPane([
      "ok", "x.c:1: error: no", "ok", "ok", "failed", "ok", "\u{1B}[31mError:\u{1B}[0m so", "ok",
      "error without a colon",
    ])
    pane.store.markError(atLine: 4)
    pane.press(.home)
    pane.press("]")
    #expect(pane.current == 1)
    #expect(pane.text(in: LogLook.currentMatch) == ["error:"])
    pane.press("]")
    #expect(pane.current == 4)
    #expect(pane.text(in: LogLook.currentMatch) == ["failed"])
    pane.press("]")
    #expect(pane.current == 6)
    pane.press("]")
    #expect(pane.current == 1)
    pane.press("/colon")
    pane.press(.enter)
    #expect(pane.current == 8)
    pane.press("[")
    #expect(pane.current == 6)
    #expect(pane.text(in: LogLook.currentMatch) == ["Error:"])
    pane.press(.escape)
    pane.press(.escape)
    #expect(pane.current == nil)
    var good = LogPane(ten)
    good.press("]")
    #expect(good.isFollowing)
    #expect(good.status(rows: 4, columns: 20) == "following · line 10 · no error found")
  }

  // MARK: - Saving and other keys

  @Test("s asks for a path, which is left to those around the pane")
  func save() {
    var pane = LogPane(ten)
    pane.suggestedPath = "build.lo"
    pane.press("s")
    #expect(pane.picture() == "line 8\nline 9\nline 10\nsave to build.lo")
    pane.press("g")
    #expect(pane.press(.enter) == .save(path: "build.log"))
    #expect(!pane.isPrompting)
    pane.press("s")
    pane.press(.control("u"))
    #expect(pane.press(.enter) == nil)
    pane.press("s")
    #expect(pane.press(.escape) == nil)
    #expect(!pane.isPrompting)
  }

  @Test("y copies the lines in view, whole and without colours")
  func copy() {
    var pane = LogPane(["a", "\u{1B}[31mred\u{1B}[0m", String(repeating: "x", count: 30), "b", "c"])
    #expect(pane.press("y") == .copy("red\n" + String(repeating: "x", count: 30) + "\nb\nc"))
    pane.press("fb")
    pane.press(.enter)
    #expect(pane.press("y") == .copy("b"))
    var empty = LogPane(store: LogStore())
    #expect(empty.press("y") == nil)
  }

  @Test("what the pane has no use for is left to others")
  func unused() {
    var pane = LogPane(ten)
    #expect(pane.press("x") == .unused)
    #expect(pane.press(.tab) == .unused)
    #expect(pane.press(.enter) == .unused)
    #expect(pane.handle(.paste("x"), rows: 4, columns: 20) == .unused)
    pane.press("/")
    #expect(pane.press("x") == nil)
    #expect(pane.press(.function(1)) == .unused)
    #expect(pane.press(.control("c")) == .unused)
    #expect(pane.isPrompting)
  }

  @Test("a line can be pasted into the prompt, without its controls")
  func paste() {
    var pane = LogPane(ten)
    pane.press("/")
    #expect(pane.handle(.paste("line 3\n"), rows: 4, columns: 20) == nil)
    #expect(pane.current == 2)
    #expect(pane.picture().hasSuffix("/line 3"))
  }

  @Test("the cursor of the prompt is always in view")
  func promptCursor() {
    for (columns, text) in [(1, ""), (2, "/"), (3, "/…"), (4, "/…9"), (12, "/0123456789")] {
      var canvas = Canvas(size: Size(columns: columns, rows: 1))
      LogPrompt(.search, text: "0123456789").draw(on: &canvas, in: canvas.area)
      #expect(canvas.cursor == Position(column: columns - 1, row: 0))
      #expect(canvas.text == text)
    }
  }

  @Test("each mode has its keys")
  func bindings() {
    func keys(_ pane: LogPane) -> [String] {
      [KeyBinding](pane.bindings).filter(\.isShown).map { "\($0.label) \($0.words)" }
    }
    var pane = LogPane(ten)
    #expect(
      keys(pane) == [
        "Space stay here", "/ find", "f filter", "] next error", "s save", "l wrap long lines",
      ])
    pane.press("gl/")
    #expect(keys(pane) == ["Enter find", "Esc leave it"])
    pane.press("line 3")
    pane.press(.enter)
    #expect(
      keys(pane) == [
        "Space follow", "/ find", "n next", "f filter", "] next error", "s save",
        "l cut long lines", "Esc end the search",
      ])
    pane.press("fline")
    #expect(keys(pane) == ["Enter filter", "Esc leave it"])
    pane.press(.enter)
    pane.press(.escape)
    #expect(keys(pane).last == "Esc all lines")
  }

  // MARK: - Odd sizes and odd logs

  @Test("in areas of any size nothing is drawn outside of it")
  func tiny() {
    var pane = LogPane(ten + [String(repeating: "日", count: 30)])
    for keys in ["", "#", "l", "/li", "g"] {
      pane.press(keys)
      for rows in 0...3 {
        for columns in 0...12 {
          var canvas = Canvas(size: Size(columns: 20, rows: 6))
          pane.draw(
            on: &canvas, in: Area(column: 3, row: 2, columns: columns, rows: rows))
          for row in 0..<6 {
            for column in 0..<20 where canvas[column, row] != .blank {
              #expect((3..<3 + columns).contains(column) && (2..<2 + rows).contains(row))
            }
          }
          _ = pane.status(rows: rows, columns: columns)
          for key in [Key.up, .down, .pageUp, .pageDown, .right, .left] {
            _ = pane.handle(.key(key), rows: rows, columns: columns)
          }
          _ = pane.handle(.tick, rows: rows, columns: columns)
        }
      }
    }
  }

  @Test("an empty log takes every key")
  func empty() {
    var pane = LogPane(store: LogStore())
    #expect(pane.status(rows: 4, columns: 20) == "following · no lines yet")
    for key in [Key.up, .down, .pageUp, .pageDown, .left, .right, .home, .end] { pane.press(key) }
    pane.press("jkgGl#l#][ ")
    pane.press("/a")
    pane.press(.enter)
    pane.press("nN")
    pane.press("fa")
    pane.press(.enter)
    _ = pane.handle(.tick, rows: 4, columns: 20)
    #expect(pane.picture() == "\n\n\n")
  }

  @Test("a prompt that fills the pane takes every key")
  func promptOnly() {
    var pane = LogPane(ten)
    pane.press("/line", rows: 1)
    pane.press(.enter, rows: 1)
    pane.press("/", rows: 1)
    #expect(pane.picture(rows: 1) == "/")
    #expect(pane.current == 9)
    pane.press(.enter, rows: 1)
    #expect(pane.current == 0)
  }

  @Test("what is not kept is shown as such")
  func lost() {
    let store = smallStore { LogSpill(directories: ["/nowhere"]) }
    for number in 10..<26 { store.append("line \(number)\n".utf8) }
    var pane = LogPane(store: store)
    pane.press(.home)
    #expect(pane.picture(rows: 2) == "… not kept …\n… not kept …")
    for _ in 0..<6 { pane.press(.down) }
    #expect(pane.picture() == "… not kept …\n… not kept …\nline 18\nline 19")
    #expect(
      pane.status(rows: 4, columns: 20)
        == "line 7–10 of 16 · 8 lines are not kept: No such file or directory")
  }

  @Test("numbers are grouped by thousands")
  func grouping() {
    #expect([0, 999, 1000, 1_234_567].map(logNumber) == ["0", "999", "1,000", "1,234,567"])
  }
}

extension LogPane {
  /// A pane with line numbers and wrapped lines.
  fileprivate static func numbered(_ lines: [String]) -> LogPane {
    var pane = LogPane(lines)
    pane.press("#l")
    return pane
  }
}
