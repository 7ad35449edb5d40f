import Testing

@testable import Terminal

@Suite struct ColourTests {
  private func look(_ style: Style, _ count: Int, hasOwn: Bool = true) -> Palette.Look {
    Palette(count: count, hasOwn: hasOwn).look(of: style)
  }

  @Test("where there are 256 colours they are used as they are")
  func all() {
    #expect(
      look(Style(.grey, on: .init(235), .bold), 256)
        == .init(foreground: 8, background: 235, attributes: .bold))
    #expect(look(.plain, 256) == .init(foreground: -1, background: -1))
  }

  @Test("with fewer the nearest is taken")
  func nearest() {
    #expect(look(Style(.init(196)), 16).foreground == 9)
    #expect(look(Style(.init(238)), 16).foreground == 8)
    #expect(look(Style(.init(28)), 8).foreground == 2)
    #expect(look(Style(.init(9)), 8).foreground == 1)
    #expect(look(Style(.init(15)), 8).foreground == 7)
  }

  @Test("grey is faint text where it would be black or white")
  func grey() {
    #expect(look(Style(.grey), 8) == .init(foreground: -1, attributes: .dim))
    #expect(look(Style(.init(244)), 8) == .init(foreground: -1, attributes: .dim))
  }

  @Test("without colours a background is told by reversing")
  func none() {
    #expect(look(Style(.red, .bold), 0) == .init(attributes: .bold))
    #expect(look(Style(.red, on: .blue), 0) == .init(attributes: .reverse))
  }

  @Test("true colours and odd numbers count as the next lower palette")
  func counts() {
    #expect(
      [0, 2, 8, 15, 16, 88, 256, 1 << 24].map { Palette(count: $0).count }
        == [0, 0, 8, 8, 16, 16, 256, 8])
  }

  @Test("a terminal that cannot return to its own colours gets both")
  func ownColours() {
    #expect(look(Style(.red), 8, hasOwn: false) == .init(foreground: 1, background: 0))
    #expect(look(Style(on: .blue), 8, hasOwn: false) == .init(foreground: 7, background: 4))
    #expect(look(.plain, 8, hasOwn: false) == .init())
  }

  @Test("signs have substitutes in ASCII")
  func substitutes() {
    let signs = "│─┌┼✓✗○–·▸▏⠹⋮…→日é~█▉▌▍"
    #expect(
      String(String.UnicodeScalarView(signs.unicodeScalars.map(Glyphs.ascii)))
        == "|-++vxo-.>|*:.>??~###|")
  }
}
