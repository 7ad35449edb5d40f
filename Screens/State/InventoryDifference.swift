import Builders

/// What differs between two inventories, builder by builder.
struct InventoryDifference: Equatable, Sendable {
  /// What became of each, such as `forge: changed`.
  private(set) var lines: [String] = []

  init(from old: Inventory, to new: Inventory) {
    let before = Dictionary(old.builders.map { ($0.alias, $0) }) { first, _ in first }
    var left = Set(before.keys)
    for builder in new.builders {
      left.remove(builder.alias)
      switch before[builder.alias] {
      case nil: lines.append("\(builder.alias): new")
      case let old? where old.enabled != builder.enabled && old.turned(builder.enabled) == builder:
        lines.append("\(builder.alias): turned \(builder.enabled ? "on" : "off")")
      case let old? where old != builder: lines.append("\(builder.alias): changed")
      default: break
      }
    }
    for builder in old.builders where left.contains(builder.alias) {
      lines.append("\(builder.alias): deleted")
    }
    if old.local != new.local { lines.append("this machine's settings: changed") }
    if lines.isEmpty, old.builders.map(\.alias) != new.builders.map(\.alias) {
      lines.append("another order")
    }
  }
}

extension Builder {
  fileprivate func turned(_ isOn: Bool) -> Builder {
    var builder = self
    builder.enabled = isOn
    return builder
  }
}
