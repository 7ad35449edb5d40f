/// A number for a question put to the world, which its answer carries too.
public struct Ticket: Equatable, Sendable {
  private let number: Int

  init(_ number: Int) { self.number = number }
}

/// The question of a kind that was asked last. Asking anew drops the answers to those before, and
/// an answer is taken once.
struct OpenQuestion: Equatable {
  private var ticket: Ticket?

  /// Whether an answer is awaited.
  var isOpen: Bool { ticket != nil }

  /// Asks.
  mutating func ask(_ session: inout Session) -> Ticket {
    let ticket = session.newTicket()
    ask(with: ticket)
    return ticket
  }

  /// Asks with a ticket that was just made.
  mutating func ask(with ticket: Ticket) { self.ticket = ticket }

  /// Whether an answer is the awaited one; none is awaited then.
  mutating func isAnswered(by ticket: Ticket) -> Bool {
    guard ticket == self.ticket else { return false }
    self.ticket = nil
    return true
  }

  /// No answer is wanted any more.
  mutating func drop() { ticket = nil }
}
