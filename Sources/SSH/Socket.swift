import Glibc

/// A TCP connection that never blocks a thread, so that waiting for it can be cancelled.
package struct Socket {
  package let descriptor: Int32
  private let address: [UInt8]

  /// What reading yields.
  package enum Received: Equatable {
    case bytes([UInt8])
    /// The other side has closed the connection.
    case ended
    case broken(Int32)
    /// Nothing came in time.
    case nothing
  }

  /// Makes a socket for a numeric address, with a zone where one is needed.
  package init?(address: String, port: Int) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, String(port), &hints, &list) == 0, let first = list?.pointee else {
      errno = EINVAL
      return nil
    }
    defer { freeaddrinfo(list) }
    self.address = Array(
      UnsafeRawBufferPointer(start: first.ai_addr, count: Int(first.ai_addrlen)))
    let kind = first.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = socket(first.ai_family, kind, first.ai_protocol)
    if descriptor < 0 { return nil }
  }

  package func close() { _ = Glibc.close(descriptor) }

  /// Connects.
  ///
  /// - Returns: the error number, `nil` when the connection stands.
  package func connect(until end: ContinuousClock.Instant) async -> Int32? {
    let started = address.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        Glibc.connect(descriptor, $0.baseAddress, socklen_t(bytes.count))
      }
    }
    if started == 0 { return nil }
    guard errno == EINPROGRESS else { return errno }
    guard await wait(for: Int16(POLLOUT), until: end) else { return ETIMEDOUT }
    var error: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return errno }
    return error == 0 ? nil : error
  }

  /// Reads what has come, or waits for something to come.
  package func read(until end: ContinuousClock.Instant) async -> Received {
    guard await wait(for: Int16(POLLIN), until: end) else { return .nothing }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    if count > 0 { return .bytes(Array(buffer[..<count])) }
    return count == 0 ? .ended : .broken(errno)
  }

  private func wait(for events: Int16, until end: ContinuousClock.Instant) async -> Bool {
    var pause = Duration.milliseconds(1)
    while true {
      var state = pollfd(fd: descriptor, events: events, revents: 0)
      if poll(&state, 1, 0) > 0 { return true }
      if Task.isCancelled || ContinuousClock.now >= end { return false }
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(16))
    }
  }
}
