import Builders
import Processes

extension BuilderTest {
  /// How many builders are tested at once: enough that one which does not answer holds up nobody,
  /// few enough for this machine's processes and descriptors.
  private static let atOnce = 64

  /// Runs something for each builder, side by side.
  ///
  /// - Returns: what it returned for each, in the builders' order.
  public static func sideBySide<Result: Sendable>(
    _ builders: [Builder], _ body: @escaping @Sendable (Builder) async -> Result
  ) async -> [Result] {
    await runSideBySide(builders, atOnce: atOnce, body)
  }

  /// The aliases of the builders whose port answers as ssh does.
  public static func reachable(_ builders: [Builder]) async -> Set<String> {
    let results = await sideBySide(builders) { builder in
      let checks = await BuilderTest(builder: builder, source: .written).run(.reach) { _ in }
      return checks.contains { $0.outcome == .failed } ? nil : builder.alias
    }
    return Set(results.compactMap(\.self))
  }
}
