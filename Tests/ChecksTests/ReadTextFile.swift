import Base

/// A text file's content; `nil` when it cannot be read.
func readTextFile(_ path: String) -> String? {
  try? WholeFile(path, atMost: .inventory).text
}
