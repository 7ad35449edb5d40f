/// The line of a `Host` block of ssh_config(5) that says an answer.
public struct HostBlockLine: Sendable {
  /// The keyword, spelled as in the manual.
  public let keyword: String
  /// Why nobody may give it as an option of ssh besides.
  public let refusal: String
  /// Whether ssh reads `%h` and the like in what stands after it.
  public let expandsTokens: Bool
  /// Whether it only repeats what stands elsewhere, and is not read back.
  public let isRepetition: Bool
  /// Whether it says who logs in, and nothing of the way there.
  public let isOfLogin: Bool

  init(
    _ keyword: String, _ words: String, expandsTokens: Bool = false, isOfLogin: Bool = false
  ) {
    self.keyword = keyword
    refusal = "It has an answer of its own: \(words)."
    self.expandsTokens = expandsTokens
    self.isOfLogin = isOfLogin
    isRepetition = false
  }

  init(repeatedAs keyword: String, refusal: String) {
    self.keyword = keyword
    self.refusal = refusal
    expandsTokens = false
    isRepetition = true
    isOfLogin = false
  }
}
