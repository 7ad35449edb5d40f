extension Unicode.Scalar {
  /// Whether the scalar is there to be seen: neither a control character (C0 or C1), nor one that
  /// turns the direction of writing or takes no place at all, nor a line or paragraph separator.
  ///
  /// A terminal may act on what is not visible, and people may be deceived by it.
  @inlinable
  public var isVisible: Bool {
    if value < 0x7F { return value >= 0x20 }
    if value < 0xA0 { return false }
    return isVisibleBeyondASCII
  }

  @usableFromInline
  var isVisibleBeyondASCII: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: !properties.isDefaultIgnorableCodePoint
    }
  }
}
