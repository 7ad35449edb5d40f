import Interface
import StateFiles
import Terminal

/// What has to be said at the list beside the builders themselves.
struct ListNotices {
  private let session: Session

  init(_ session: Session) { self.session = session }

  var lines: [StyledLine] {
    var lines: [StyledLine] = []
    if let recovery = session.recovery { lines.append(notice(recovery.text)) }
    if let outside = session.outside { lines.append(line(outside)) }
    if let owner = session.otherWindow { lines.append(line(owner)) }
    if let summary = session.drift?.summary {
      // A file keeps its name, also at the begin of a sentence.
      let isFile = summary.prefix { $0 != " " }.hasSuffix(".nix")
      let first = isFile ? String(summary.prefix(1)) : summary.prefix(1).uppercased()
      lines.append(notice("\(first)\(summary.dropFirst()). d shows it."))
    }
    let unpinned = session.inventory.builders.count { $0.enabled && $0.hostKey == nil }
    if unpinned > 0 {
      let whose = unpinned == 1 ? "One builder has" : "\(unpinned) builders have"
      lines.append(notice("\(whose) no host key yet. H compares and accepts them."))
    }
    if let draft = session.shelved?.draft {
      let alias = draft.builder.alias.isEmpty ? "A new builder" : draft.builder.alias
      lines.append(notice("\(alias) is begun and not complete. a goes on with it, U gives it up."))
    }
    return lines
  }

  private func notice(_ text: String) -> StyledLine {
    StyledLine("○ \(text)", Theme.warning, hang: 2)
  }

  private func line(_ outside: OutsideChange) -> StyledLine {
    switch outside.content {
    case .success(nil): notice("builders.json was removed by somebody else. R goes on without it.")
    case .success: notice("builders.json was changed by somebody else. R takes that over.")
    case .failure(let error): notice("builders.json was changed by somebody else. \(error)")
    }
  }

  private func line(_ owner: WindowOwner) -> StyledLine {
    let terminal = owner.terminal.map { " on \($0)" } ?? ""
    let since = session.moment.flatMap { owner.since.span(to: $0) }.map { ", for \($0)" } ?? ""
    return notice(
      "Also open in process \(owner.process) of \(owner.user)\(terminal)\(since). Unsaved changes "
        + "here do not survive a crash.")
  }
}
