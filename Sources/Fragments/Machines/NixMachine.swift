import Base
import Builders

/// A machine as Nix knows it: one entry of /etc/nix/machines or of the `builders` setting, with all
/// of its columns (Nix's manual, "Remote Builds"; libstore/machines.cc).
public struct NixMachine: Equatable, Sendable {
  /// Column 1: where it is.
  public var url: StoreURL
  /// Column 2: the systems it builds for; empty means the local machine's own.
  public var systems: [String] = []
  /// Column 3: the private key on the local machine; `nil` leaves it to ssh.
  public var keyPath: String?
  /// Column 4: how many builds at once; with 0 Nix never builds there.
  public var maxJobs = 1
  /// Column 5: the speed factor, above 0.
  public var speedFactor = 1.0
  /// Column 6: the features it offers.
  public var supportedFeatures: [String] = []
  /// Column 7: the features that a derivation must require.
  public var mandatoryFeatures: [String] = []
  /// Column 8: the host key, in base64; `nil` leaves it to known_hosts.
  public var publicHostKey: String?
  /// What stands after the last column; Nix does not look at it.
  public var surplus: [String] = []

  /// Creates a machine with the defaults of Nix.
  public init(url: StoreURL) { self.url = url }

  /// Reads an entry as strictly as Nix does.
  ///
  /// - Throws: what is wrong; its place is the column.
  public init(_ entry: String) throws(Problem) {
    let columns = Self.words(of: entry.unicodeScalars)
    func column(_ number: Int) -> String? {
      number <= columns.count && columns[number - 1] != "-" ? columns[number - 1] : nil
    }
    func names(_ number: Int) -> [String] {
      (column(number) ?? "").unicodeScalars.split(separator: ",").map { String($0) }
    }
    guard let first = column(1) else {
      throw Problem(place: Self.place(1), "The store URL is missing, such as ssh-ng://forge.")
    }
    do { url = try StoreURL(first) } catch { throw Problem(place: Self.place(1), error.message) }
    systems = names(2)
    keyPath = column(3)
    if let text = column(4) {
      guard let jobs = UInt32(text) else {
        throw Problem(place: Self.place(4), "\"\(text)\" is not a whole number from 0.")
      }
      maxJobs = Int(jobs)
    }
    if let text = column(5) {
      guard text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }),
        let speed = Double(text), speed >= 0, speed.isFinite
      else { throw Problem(place: Self.place(5), "\"\(text)\" is not a number from 0.") }
      // Nix takes 0 for 1.
      speedFactor = speed == 0 ? 1 : speed
    }
    supportedFeatures = names(6)
    mandatoryFeatures = names(7)
    if let text = column(8) {
      guard Base64.decoded(text) != nil else {
        throw Problem(place: Self.place(8), "\"\(text)\" is not base64.")
      }
      publicHostKey = text
    }
    surplus = Array(columns.dropFirst(Self.columnNames.count))
  }

  /// What Nix parts at blanks.
  static func words(of text: some Collection<Unicode.Scalar>) -> [String] {
    text.split(whereSeparator: \.isBlankOrLineEnd).map { String(scalars: $0) }
  }

  private static let columnNames = [
    "store URL", "systems", "key", "jobs", "speed factor", "features", "mandatory features",
    "host key",
  ]

  /// How a column is called in messages, such as `column 4 (jobs)`.
  static func place(_ column: Int) -> String { "column \(column) (\(columnNames[column - 1]))" }

  /// The host key as a line of known_hosts has it after the name; `nil` when none is named, or when
  /// it is no key.
  public var hostKeyLine: String? {
    guard let encoded = publicHostKey ?? url.parameter("base64-ssh-public-host-key"),
      let bytes = Base64.decoded(encoded), let text = String(validating: bytes, as: UTF8.self),
      let line = text.unicodeScalars.lines.first.map({ String($0) }),
      Rules.publicKey(line) == nil
    else { return nil }
    return line
  }

  /// The entry, each column in its place.
  public var text: String {
    func column(_ names: [String]) -> String { names.isEmpty ? "-" : names.joined(separator: ",") }
    return [
      url.text, column(systems), keyPath ?? "-", "\(maxJobs)", decimal(speedFactor),
      column(supportedFeatures), column(mandatoryFeatures), publicHostKey ?? "-",
    ].joined(separator: " ")
  }
}
