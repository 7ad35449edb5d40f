/// The values that the checks of one run hand to those after them, one of each type.
actor HandedOn {
  private var values: [ObjectIdentifier: any Sendable] = [:]

  /// Hands on a value; the last one of its type stands.
  func put<Value: Sendable>(_ value: Value) { values[ObjectIdentifier(Value.self)] = value }

  /// The value of a type; `nil` when none was handed on.
  func value<Value: Sendable>(_ type: Value.Type) -> Value? {
    values[ObjectIdentifier(type)] as? Value
  }
}
