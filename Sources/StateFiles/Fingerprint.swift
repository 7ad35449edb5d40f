import Base
import Builders

extension Builder {
  /// A digest of all answers on which a test's result hangs: all but whether the builder is on.
  public var fingerprint: String { FNV.digest(testedAnswers.utf8) }
}
