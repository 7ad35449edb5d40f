import Base
import Builders

/// An entry of `nix.buildMachines` on its way to being a machine of Nix's.
struct BuildMachine {
  private var attributes: [String: JSONValue]

  /// Takes the attributes; null stands for what is not defined. To the protocol it means no scheme,
  /// which to Nix is the default of NixOS.
  init(_ attributes: [String: JSONValue]) {
    self.attributes = attributes.filter { $0.value != .null }
  }

  /// Attributes that are no option, once the others were read.
  var unknown: [String] { attributes.keys.sorted() }

  /// Options without which nobody knows which machine it is, or what it builds. The empty name is
  /// the whole machine.
  static let cannotDoWithout: Set<String> = [
    "", "hostName", "protocol", "sshUser", "system", "systems", "mandatoryFeatures",
  ]

  /// Reads the options as strictly as NixOS does.
  ///
  /// - Throws: what is wrong; its place is the option.
  mutating func machine() throws(Problem) -> NixMachine {
    let storeProtocol = try value("protocol", "\"ssh\", \"ssh-ng\" or null", or: "ssh://") {
      if case .string(let name) = $0, StoreProtocol(rawValue: name) != nil {
        "\(name)://"
      } else {
        nil
      }
    }
    let user = try string("sshUser")
    let host = try string("hostName")
    let system = try string("system")
    let systems = try strings("systems")
    let keyPath = try string("sshKey")
    let maxJobs = try value("maxJobs", "a whole number from 0", or: 1) {
      if case .integer(let number) = $0, number >= 0 { number } else { nil }
    }
    let speedFactor = try value("speedFactor", "a number above 0", or: 1.0) {
      switch $0 {
      case .integer(let number) where number > 0: Double(number)
      case .number(let number) where number > 0: number
      default: nil
      }
    }
    let supportedFeatures = try strings("supportedFeatures")
    let mandatoryFeatures = try strings("mandatoryFeatures")
    let publicHostKey = try string("publicHostKey")
    guard let host else { throw Problem(place: "hostName", "It is missing.") }
    let url: StoreURL
    do {
      url = try StoreURL("\(storeProtocol)\(user.map { "\($0)@" } ?? "")\(host)")
    } catch {
      throw Problem(place: "hostName", error.message)
    }
    var machine = NixMachine(url: url)
    // Where both are given, NixOS takes `system`.
    machine.systems = columns(of: system.map { [$0] } ?? systems)
    if machine.systems.isEmpty {
      throw Problem(place: "systems", "system or systems is missing, and NixOS needs one.")
    }
    machine.keyPath = keyPath
    machine.maxJobs = maxJobs
    machine.speedFactor = speedFactor
    // What NixOS writes into the features column.
    machine.supportedFeatures = columns(of: supportedFeatures + mandatoryFeatures)
    machine.mandatoryFeatures = columns(of: mandatoryFeatures)
    if let publicHostKey, Base64.decoded(publicHostKey) == nil {
      throw Problem(place: "publicHostKey", "\"\(publicHostKey)\" is not base64.")
    }
    machine.publicHostKey = publicHostKey
    return machine
  }

  /// What Nix reads where NixOS writes a list: a comma in a string parts it once more.
  private func columns(of strings: [String]) -> [String] {
    strings.flatMap { $0.unicodeScalars.split(separator: ",").map { String($0) } }
  }

  // MARK: - Options

  /// The value of an option, which counts as read from then on.
  private mutating func value<Value>(
    _ name: String, _ expected: String, or standard: Value, _ read: (JSONValue) -> Value?
  ) throws(Problem) -> Value {
    guard let value = attributes.removeValue(forKey: name) else { return standard }
    if let value = read(value) { return value }
    throw Problem(place: name, "\(expected) was expected.")
  }

  private mutating func string(_ name: String) throws(Problem) -> String? {
    try value(name, "a string", or: nil) {
      if case .string(let text) = $0 { text } else { nil }
    }
  }

  private mutating func strings(_ name: String) throws(Problem) -> [String] {
    try value(name, "a list of strings", or: []) {
      guard case .array(let values) = $0 else { return nil }
      let strings = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
      return strings.count == values.count ? strings : nil
    }
  }
}
