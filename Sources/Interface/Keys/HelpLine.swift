import Terminal

/// The keys of a screen in one line.
struct HelpLine: Equatable, Sendable {
  private let bindings: [KeyBinding]
  private static let gap = 3

  /// What cannot be done now has no room here; the help page tells why.
  init(_ bindings: [KeyBinding]) {
    self.bindings = bindings.filter { $0.isShown && $0.off == nil }
  }

  private static func columns(of binding: KeyBinding) -> Int {
    let words = TextWidth.columns(of: binding.words)
    return TextWidth.columns(of: binding.label) + (words == 0 ? 0 : words + 1)
  }

  /// Those that fit; the last one tells where all are told, and stays in any case.
  func shown(in columns: Int) -> [KeyBinding] {
    guard let last = bindings.last else { return [] }
    var used = Self.columns(of: last)
    var shown: [KeyBinding] = []
    for binding in bindings.dropLast() {
      let width = Self.columns(of: binding) + Self.gap
      if used + width > columns { continue }
      shown.append(binding)
      used += width
    }
    return shown + [last]
  }

  func draw(on canvas: inout Canvas, in area: Area) {
    guard !area.isEmpty else { return }
    var place = area
    for binding in shown(in: area.columns) {
      let keys = canvas.write(binding.label, at: place.origin, Theme.strong, limit: place.columns)
      _ = place.takeLeft(keys + 1)
      let words = canvas.write(
        binding.words, at: place.origin, Theme.muted, limit: place.columns)
      _ = place.takeLeft(words + (words == 0 ? Self.gap - 1 : Self.gap))
    }
  }
}
