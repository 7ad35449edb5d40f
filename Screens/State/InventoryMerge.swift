import Builders

/// Changes that were made to one inventory, made to another one that has come of it too.
struct InventoryMerge: Equatable, Sendable {
  /// What comes of both.
  private(set) var inventory: Inventory
  /// The aliases of builders that both have changed; the changes win.
  private(set) var conflicts: [String] = []

  /// - Parameters:
  ///   - mine: the inventory with the changes.
  ///   - base: what they were made from.
  ///   - theirs: what has come of the base meanwhile.
  init(_ mine: Inventory, from base: Inventory, onto theirs: Inventory) {
    if theirs == base {
      inventory = mine
      return
    }
    inventory = theirs
    func table(_ inventory: Inventory) -> [String: Builder] {
      Dictionary(inventory.builders.map { ($0.alias, $0) }) { first, _ in first }
    }
    let (old, changed, other) = (table(base), table(mine), table(theirs))
    func conflict(_ alias: String) {
      if other[alias] != old[alias], other[alias] != changed[alias] { conflicts.append(alias) }
    }
    var places = Dictionary(
      theirs.builders.enumerated().map { ($0.element.alias, $0.offset) }
    ) { first, _ in first }
    for builder in mine.builders where builder != old[builder.alias] {
      conflict(builder.alias)
      if let place = places[builder.alias] {
        inventory.builders[place] = builder
      } else {
        places[builder.alias] = inventory.builders.count
        inventory.builders.append(builder)
      }
    }
    let gone = Set(base.builders.map(\.alias)).subtracting(changed.keys)
    for alias in gone.sorted() where other[alias] != nil { conflict(alias) }
    inventory.builders.removeAll { gone.contains($0.alias) }
    // Two aliases that differ in case only are one to ssh; theirs gives way.
    let mineInLowerCase = Set(mine.builders.map { $0.alias.lowercased() })
    inventory.builders.removeAll {
      changed[$0.alias] == nil && mineInLowerCase.contains($0.alias.lowercased())
    }
    if mine.local != base.local { inventory.local = mine.local }
    let order = mine.builders.map(\.alias)
    if order != base.builders.map(\.alias), Set(order) == Set(inventory.builders.map(\.alias)) {
      let byAlias = table(inventory)
      inventory.builders = order.compactMap { byAlias[$0] }
    }
  }
}
