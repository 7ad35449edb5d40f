import Base

/// Whether two lines hold the same public key, whatever their comments.
package func isSameKey(_ one: String, _ other: String) -> Bool {
  let fields = [one, other].map { $0.unicodeScalars.words.strings.prefix(2) }
  return fields[0].count == 2 && fields[0] == fields[1]
}
