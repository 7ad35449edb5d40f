import Dispatch
import Glibc
import Testing

/// A server on loopback that says the same to whoever connects, and hangs up.
final class HostileServer: Sendable {
  /// Where it listens.
  let port: UInt16
  private let descriptor: Int32

  init(saying words: String) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    descriptor = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isBound)
    port = UInt16(bigEndian: address.sin_port)
    let bytes = Array(words.utf8)
    DispatchQueue.global().async {
      while case let client = accept(listener, nil, nil), client >= 0 {
        _ = bytes.withUnsafeBytes {
          send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        // Until the other side has said something, so that it hears all before the end.
        var byte: UInt8 = 0
        _ = recv(client, &byte, 1, 0)
        close(client)
      }
    }
  }

  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}
