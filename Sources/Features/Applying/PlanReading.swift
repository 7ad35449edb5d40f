import Builders
import Fragments
import Nix

/// What the installed Nix says of files before they are written.
public enum PlanReading {
  /// Has Nix read the files that would change: each as an expression, and the machines that come of
  /// local.nix as Nix would read them from /etc/nix/machines.
  ///
  /// - Returns: for each file why it must not be written, to be read after its name; `nil` for none.
  public static func problems(
    in plans: [OutputDirectory.Plan], of inventory: Inventory
  ) async -> [String?] {
    let changed = plans.map { $0.standing != .obsolete && $0.standing != .current }
    async let reading = machinesProblem(plans, changed, inventory)
    var parsed = await FragmentParse.problems(
      in: zip(plans, changed).filter(\.1).map(\.0.fragment.text)
    ).makeIterator()
    let machines = await reading
    return zip(plans, changed).map { plan, isChanged in
      guard isChanged else { return nil }
      if let problem = parsed.next() ?? nil { return "does not parse: \(problem)" }
      return plan.fragment.fileName == Fragment.localName ? machines : nil
    }
  }

  private static func machinesProblem(
    _ plans: [OutputDirectory.Plan], _ changed: [Bool], _ inventory: Inventory
  ) async -> String? {
    let isChanged = zip(plans, changed).contains {
      $1 && $0.fragment.fileName == Fragment.localName
    }
    let builders = inventory.builders.filter(\.enabled)
    guard isChanged, !builders.isEmpty else { return nil }
    let lines = builders.map { $0.machineLine + "\n" }.joined()
    // Where Nix does not get to them, nothing is known against them.
    guard case .refused(let reason) = await MachinesReading.of(lines) else { return nil }
    let version = await NixVersion.installed()
    let known = builders.flatMap { builder in
      builder.problems(with: version).map { "\(builder.alias): \($0)" }
    }
    return "has a builder that Nix here cannot read, and then it ignores all of them: "
      + (known.first ?? reason)
  }
}
