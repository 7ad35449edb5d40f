import ArgumentParser
import Builders

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the builders.")

  @OptionGroup var directory: DirectoryOption
  @Flag(help: "Print the whole inventory, as it stands in builders.json.")
  var json = false

  func run() async throws {
    let inventory = try directory.inventory()
    if json {
      print(String(decoding: InventoryFile.encode(inventory), as: UTF8.self), terminator: "")
      return
    }
    let header = ["ALIAS", "WHERE", "SYSTEMS", "JOBS", "SPEED", "FEATURES", "STATE"]
    let rows = inventory.builders.map { builder in
      [
        builder.alias, builder.place, builder.systems.joined(separator: ","),
        "\(builder.maxJobs)", builder.speedText, builder.featuresText,
        builder.enabled ? "on" : "off",
      ]
    }
    for line in aligned([header] + rows) { print(line) }
  }

  /// The rows in columns, two blanks apart.
  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }.joined(separator: "  ").trimmingBlanks()
    }
  }
}

extension String {
  fileprivate func trimmingBlanks() -> String {
    var rest = self[...]
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}

extension Builder {
  fileprivate var featuresText: String {
    let features = supportedFeatures + mandatoryFeatures.map { "\($0)!" }
    return features.isEmpty ? "-" : features.joined(separator: ",")
  }
}
