import Base
import Builders

/// What one evaluated fragment says and another does not.
enum ValueDifference {
  /// The differences, each as one would write it: `nix.settings.max-jobs = 3`, or
  /// `no services.openssh.enable`.
  static func lines(from old: JSONValue, to new: JSONValue) -> [String] {
    lines(from: keyed(old), to: keyed(new), at: [])
  }

  private static func lines(
    from old: JSONValue?, to new: JSONValue?, at path: [String]
  ) -> [String] {
    if old == new { return [] }
    let name = path.map(NixPrinter.attributeName).joined(separator: ".")
    if path == ["programs", "ssh", "extraConfig"], let old = old?.text ?? "" as String?,
      let new = new?.text
    {
      return sshLines(from: old, to: new).map { "\(name): \($0)" }
    }
    switch (old, new) {
    case (.object(let old)?, .object(let new)?):
      return Set(old.keys).union(new.keys).sorted().flatMap { key in
        lines(from: old[key], to: new[key], at: path + [key])
      }
    case (nil, .object(let new)?) where !new.isEmpty:
      return new.keys.sorted().flatMap { lines(from: nil, to: new[$0], at: path + [$0]) }
    case (_, nil): return ["no \(name)"]
    case (_, let new?): return ["\(name) = \(new.nixText)"]
    }
  }

  /// Lines of ssh_config(5); how they are indented means nothing.
  private static func sshLines(from old: String, to new: String) -> [String] {
    func lines(_ text: String) -> [String] {
      text.unicodeScalars.lines.map(\.words).filter { $0.first?.first.map { $0 != "#" } ?? false }
        .map { $0.map { String($0) }.joined(separator: " ") }
    }
    let (old, new) = (lines(old), lines(new))
    let difference = new.difference(from: old)
    return difference.insertions.compactMap { change in
      if case .insert(_, let line, _) = change { line } else { nil }
    }
      + difference.removals.compactMap { change in
        if case .remove(_, let line, _) = change { "no \(line)" } else { nil }
      }
  }

  /// The value with the machines under their names, so that they can be told apart. Their order is
  /// kept beside them.
  private static func keyed(_ value: JSONValue) -> JSONValue {
    guard let machines = value["nix", "buildMachines"]?.elements else { return value }
    var members: [String: JSONValue] = [:]
    var order: [String] = []
    for (index, machine) in machines.enumerated() {
      var name = machine["hostName"]?.text ?? "\(index)"
      while members[name] != nil { name += "'" }
      members[name] = machine
      order.append(name)
    }
    var (root, nix) = (value.members, value["nix"]?.members ?? [:])
    nix["buildMachines"] = .object(members)
    // A machine more or less says enough.
    nix["order of buildMachines"] = .string(order.joined(separator: ", "))
    root["nix"] = .object(nix)
    return .object(root)
  }
}
