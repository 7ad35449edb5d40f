import StateFiles
import Testing

@Suite("A moment") struct MomentTests {
  private static let day = 86400.0
  private static let ages: [(Double, String)] = [
    (0, "just now"), (59, "just now"), (60, "1 min ago"), (3599, "59 min ago"),
    (3600, "1 h ago"), (86399, "23 h ago"), (day, "1 d ago"), (3 * day, "3 d ago"),
    (99 * day, "99 d ago"), (100 * day, "3 months ago"), (729 * day, "24 months ago"),
    (730 * day, "2 years ago"),
  ]

  @Test("tells how long ago it was", arguments: ages)
  func age(seconds: Double, text: String) {
    let now = Moment(seconds: 1_790_000_000)
    #expect(Moment(seconds: now.seconds - seconds).age(at: now) == text)
  }

  private static let spans: [(Double, String)] = [
    (0, "now"), (59, "now"), (3599, "59 min"), (86399, "23 h"), (99 * day, "99 d"),
    (729 * day, "24 mon"), (730 * day, "2 y"), (4_000_000 * day, "1902 y"),
  ]

  @Test("tells how long it is in six columns at most", arguments: spans)
  func shortSpan(seconds: Double, text: String) {
    let now = Moment(seconds: 1_790_000_000)
    #expect(Moment(seconds: now.seconds - seconds).shortSpan(to: now) == text)
    #expect(text.count <= 6)
  }

  @Test("that lies ahead, since the clock was put back, is just now")
  func ahead() {
    #expect(Moment(seconds: 200).age(at: Moment(seconds: 100)) == "just now")
  }
}
