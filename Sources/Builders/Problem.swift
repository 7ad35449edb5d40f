/// One thing that is wrong with the answers, where it stands, and what was expected.
public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it stands, such as `builders[0].port`; empty for the file as a whole.
  public var place: String
  /// What is wrong and what is expected, as one or two sentences.
  public var message: String

  /// Creates a problem.
  public init(place: String = "", _ message: String) {
    self.place = place
    self.message = message
  }

  /// The place and the message, as shown to people.
  public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
