import Builders

// A test of which only a part is run, such as what has failed before.
extension BuilderTest {
  /// Some checks, and those before them that hand them something: an address, a login, what Nix has
  /// answered.
  func needed(for wanted: [CheckName]) -> [CheckName] {
    var needed = Set(wanted)
    if needed.contains(.connect) { needed.insert(.resolve) }
    if needed.contains(.trusted) { needed.insert(.store) }
    if !needed.isDisjoint(with: [.remoteNix, .store]) { needed.insert(.login) }
    return names(of: Self.divisible).filter(needed.contains)
  }

  /// Runs some checks as if the others had passed.
  func runOnly(_ wanted: [CheckName], _ report: @escaping Report) async -> [CheckResult] {
    let needed = needed(for: wanted)
    var part = self
    part.only = Set(needed)
    let scopes = Self.divisible.filter { !names($0).allSatisfy { !needed.contains($0) } }
    return await part.run(scopes, report: report).filter { needed.contains($0.name) }
  }

  /// The scopes whose checks can be run one by one.
  private static let divisible: [Scope] = [.connection, .builds]
}
