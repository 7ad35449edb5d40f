import Glibc
import Synchronization
import Testing

@testable import Terminal

/// Counts in one task, and is read in another.
private final class Counter: Sendable {
  let value = Mutex(0)
}

@Suite struct MailboxTests {
  /// Takes messages like the event loop does, until there are so many.
  private func take<Message>(_ count: Int, from mailbox: Mailbox<Message>) async -> [Message] {
    var taken: [Message] = []
    while taken.count < count {
      let messages = mailbox.take(1024)
      taken += messages
      if messages.isEmpty { await Task.yield() }
    }
    return taken
  }

  private func isReadable(_ descriptor: Int32) -> Bool {
    var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    return poll(&descriptors, 1, 0) == 1
  }

  @Test("messages come in the order in which they were sent")
  func order() async {
    let mailbox = Mailbox<Int>(capacity: 8)
    Task { for number in 0..<1000 { await mailbox.send(number) } }
    #expect(await take(1000, from: mailbox) == Array(0..<1000))
  }

  @Test("each sender's messages keep their order among those of others")
  func senders() async {
    let mailbox = Mailbox<(sender: Int, number: Int)>(capacity: 3)
    for sender in 0..<20 {
      Task { for number in 0..<200 { await mailbox.send((sender, number)) } }
    }
    let taken = await take(4000, from: mailbox)
    for sender in 0..<20 {
      #expect(taken.filter { $0.sender == sender }.map(\.number) == Array(0..<200))
    }
  }

  @Test("a sender waits while the mailbox is full")
  func backPressure() async {
    let mailbox = Mailbox<Int>(capacity: 4)
    let sent = Counter()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<12 {
          await mailbox.send(number)
          sent.value.withLock { $0 += 1 }
        }
      }
      while sent.value.withLock(\.self) < 4 { await Task.yield() }
      try? await Task.sleep(for: .milliseconds(20))
      #expect(sent.value.withLock(\.self) == 4)
      #expect(mailbox.take(2) == [0, 1])
      while sent.value.withLock(\.self) < 6 { await Task.yield() }
      try? await Task.sleep(for: .milliseconds(20))
      // The fifth filled the one free place as it was released, the sixth the other.
      #expect(sent.value.withLock(\.self) == 6)
      #expect(await take(10, from: mailbox) == Array(2..<12))
    }
  }

  @Test("a message from where nobody can wait is taken though there is no room")
  func sendNow() async {
    let mailbox = Mailbox<Int>(capacity: 1)
    await mailbox.send(1)
    mailbox.sendNow(2)
    mailbox.sendNow(3)
    #expect(mailbox.take(10) == [1, 2, 3])
  }

  @Test("what a cancelled task has to say still arrives, once and in order")
  func cancellation() async {
    let mailbox = Mailbox<Int>(capacity: 1)
    let task = Task {
      await mailbox.send(1)
      await mailbox.send(2)
      await mailbox.send(3)
    }
    task.cancel()
    #expect(await take(3, from: mailbox) == [1, 2, 3])
    await task.value
  }

  @Test("the loop is woken while there is something, and not when there is nothing")
  func wake() async {
    let mailbox = Mailbox<Int>()
    #expect(!isReadable(mailbox.descriptor))
    await mailbox.send(1)
    await mailbox.send(2)
    #expect(isReadable(mailbox.descriptor))
    #expect(mailbox.take(1) == [1])
    #expect(isReadable(mailbox.descriptor))
    #expect(mailbox.take(1) == [2])
    #expect(!isReadable(mailbox.descriptor))
    #expect(mailbox.take(1) == [])
  }

  @Test("a closed mailbox lets nobody wait")
  func close() async {
    let mailbox = Mailbox<Int>(capacity: 1)
    await mailbox.send(1)
    let tasks = (0..<10).map { number in Task { await mailbox.send(number) } }
    try? await Task.sleep(for: .milliseconds(20))
    mailbox.close()
    for task in tasks { await task.value }
    await mailbox.send(2)
    mailbox.sendNow(3)
    #expect(mailbox.take(10) == [])
  }

  @Test("a million messages pass")
  func million() async {
    let mailbox = Mailbox<Int>()
    Task { for number in 0..<1_000_000 { await mailbox.send(number) } }
    var count = 0
    var isOrdered = true
    while count < 1_000_000 {
      for number in mailbox.take(1024) {
        isOrdered = isOrdered && number == count
        count += 1
      }
      await Task.yield()
    }
    #expect(isOrdered)
  }
}
