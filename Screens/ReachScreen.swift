import Builders
import Checks

extension ValidationScreen {
  /// Screen 3: name, port, host key.
  static var reach: ValidationScreen {
    ValidationScreen(
      Content(
        heading: { "Can \($0.name) be reached?" },
        help: """
          The name is looked up, the port is tried, and the host key is fetched. The host key is \
          how ssh knows the builder: Nix's daemon cannot ask you later, so it is compared now, \
          and pinned.
          """,
        scopes: [.reach],
        correction: { .reaching($1, after: $0) },
        postponing: "Go on all the same"))
  }
}

extension ValidationScreen.Correction {
  /// The answer at fault where a builder could not be reached.
  fileprivate static func reaching(_ builder: Builder, after result: CheckResult) -> Self {
    let id = result.diagnosis?.id
    if ["refused", "hangs", "not-ssh", "host-key-other-port"].contains(id), builder.proxyJump == nil
    {
      return Self(title: "Change the port", step: .address, field: AddressField.port)
    }
    // Without a key of the builder's own it is the bastion that was in the way, unless that says
    // that it cannot get any further.
    if builder.proxyJump != nil, result.finding == nil, id != "bastion-cannot-reach" {
      return Self(title: "Change the bastion", step: .address, field: AddressField.bastion)
    }
    return .address
  }
}
