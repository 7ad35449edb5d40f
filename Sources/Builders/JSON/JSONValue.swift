/// Any JSON value (RFC 8259).
public indirect enum JSONValue: Equatable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A number as it was written, where neither of the above would be written like that:
  /// 18446744073709551615, 1.0, 1e400.
  case writtenNumber(String)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object([String: JSONValue])
}

extension JSONValue {
  /// Reads a text, numbers by their value; `nil` when it is not JSON.
  public init?(text: String) {
    guard let value = try? JSONReader.value(of: Array(text.utf8), keepingNumbers: false) else {
      return nil
    }
    self = value
  }
}
