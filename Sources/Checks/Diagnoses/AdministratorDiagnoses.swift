import Builders
import SSH

extension AdministratorLogin {
  /// Why this login failed, by what ssh printed; `nil` where it shows no known cause.
  public func diagnosis(of printed: String, to builder: Builder) -> Diagnosis? {
    let known = Diagnosis.recognise(printed, of: builder)
    // What is known of keys is about the builder's own account, and its key.
    if let known, !Self.ofOwnKey.contains(known.identity) {
      return known
    }
    guard
      Printed(printed).says("Permission denied", "Too many authentication failures")
    else { return nil }
    let whose = person.map { $0.isOther ? "\($0.name)'s keys" : "your keys" } ?? "root's keys"
    return Diagnosis(
      .administratorRefused,
      cause:
        "\(builder.alias) did not let \(user ?? "that account") in: neither by \(whose) nor by "
        + "a password.",
      remedy: "Choose the account and the ssh with which you log in there yourself. What works in "
        + "your terminal works here.",
      manual: nil)
  }

  private static let ofOwnKey: Set<Diagnosis.Identity> = [
    .keyRefused, .tooManyFailures, .keysNotAccepted, .keyMissing, .keyOpenModes, .keyInvalid,
    .keyUnreadable, .noNix, .otherProgram, .noLogin,
  ]
}
