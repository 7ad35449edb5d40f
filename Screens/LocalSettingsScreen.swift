import Builders
import Interface

extension FormScreen {
  /// Screen 8: the local machine's settings.
  static var local: FormScreen {
    FormScreen(
      Content(
        heading: { _ in "How does this machine use its builders?" },
        purpose: "These settings hold for all builders together.",
        questions: { _ in
          [
            .toggle(
              "Use builders", hint: "nix.distributedBuilds",
              help: "Without it Nix on this machine ignores all builders.",
              at: \.local.distributedBuilds),
            .toggle(
              "Builders fetch", hint: "builders-use-substitutes",
              help: """
                Builders download what they need from binary caches themselves, instead of getting \
                it from this machine.
                """,
              at: \.local.buildersUseSubstitutes),
            .toggle(
              "Only remotely", hint: "max-jobs = 0: nothing is built here",
              help: """
                With max-jobs = 0 this machine builds nothing itself. When no builder can be \
                reached, builds fail instead of running here.
                """,
              at: \.buildsOnlyRemotely
            ).shown { $0.local.distributedBuilds },
            .optionalNumber(
              "Local jobs", hint: "empty leaves max-jobs alone",
              help: "max-jobs: how many builds this machine runs itself at once.",
              at: \.local.maxJobs, rule: { $0.isEmpty ? nil : Rules.maxJobs($0) }
            ).shown { !$0.buildsOnlyRemotely },
          ]
        },
        preview: { $0.local.settingsText() },
        settle: { draft, _, _ in
          // Without builders it would build nowhere.
          if !draft.local.distributedBuilds, draft.local.maxJobs == 0 { draft.local.maxJobs = nil }
        }))
  }
}
