/// Runs something for each element, so many at once, and keeps the order.
package func runSideBySide<Element: Sendable, Result: Sendable>(
  _ elements: [Element], atOnce limit: Int, _ body: @escaping @Sendable (Element) async -> Result
) async -> [Result] {
  await withTaskGroup(of: (Int, Result).self) { group in
    var results: [Int: Result] = [:]
    var waiting = elements.enumerated().makeIterator()
    for _ in 0..<limit {
      guard let (index, element) = waiting.next() else { break }
      group.addTask { (index, await body(element)) }
    }
    for await (index, result) in group {
      results[index] = result
      if let (index, element) = waiting.next() {
        group.addTask { (index, await body(element)) }
      }
    }
    return elements.indices.compactMap { results[$0] }
  }
}
