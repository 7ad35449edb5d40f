import Builders
import Checks
import Screens
import Terminal

/// A run of checks whose events become messages.
struct CheckRunner: Sendable {
  let run: Int
  let builder: Builder
  let mailbox: Mailbox<Message>

  /// - Parameter source: which configuration is tested; `nil` for the installed one when it knows
  ///   the builder as written, else the written one.
  func run(_ scopes: [BuilderTest.Scope], by source: BuilderTest.Source?) async {
    // Stopped before it began: there may be thousands of them, and nothing is to be told.
    if Task.isCancelled { return await mailbox.send(.ended(run: run)) }
    let test = await BuilderTest.test(of: builder, by: source)
    await mailbox.send(.source(run: run, test.source))
    // Each event waits until the mailbox has room, and holds the commands back meanwhile.
    _ = await test.run(scopes) { [mailbox, run] in await mailbox.send(.check(run: run, $0)) }
    await mailbox.send(.ended(run: run))
  }
}
