/// A number of lines in words: 1 line, 3,000 lines.
func logLines(_ count: Int) -> String { count == 1 ? "1 line" : "\(logNumber(count)) lines" }

/// A number as it is read most easily: 3,000.
func logNumber(_ number: Int) -> String {
  var text = ""
  for (index, digit) in String(number).reversed().enumerated() {
    if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}
