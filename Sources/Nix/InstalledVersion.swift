import Builders
import Processes

extension NixVersion {
  /// Of Nix on this machine; `nil` when there is none.
  package static func installed() async -> NixVersion? {
    let result = await Command(["nix", "--version"], timeLimit: TimeLimits.local).run()
    return result.succeeded ? NixVersion(printed: result.output) : nil
  }
}
