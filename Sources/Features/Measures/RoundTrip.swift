import Builders
import Checks
import Glibc
import Processes
import SSH

/// How long a packet takes to a builder and back: the kernel measures it when a TCP connection
/// begins.
enum RoundTrip {
  static func measure(_ builder: Builder) async -> Result<Double, NotMeasured> {
    if let jump = builder.detour { return .failure(NotMeasured("it is behind \(jump)")) }
    let command = Command(["getent", "ahosts", builder.address], timeLimit: TimeLimits.resolve)
    let end = ContinuousClock.now + TimeLimits.connect
    for address in Resolve.addresses(in: await command.run().output) {
      guard let socket = Socket(address: address, port: builder.port) else { continue }
      defer { socket.close() }
      guard await socket.connect(until: end) == nil else { continue }
      if let time = socket.roundTrip { return .success(time) }
    }
    return .failure(NotMeasured("no connection to port \(builder.port)"))
  }
}

extension Socket {
  /// In seconds; `nil` when the kernel does not say.
  fileprivate var roundTrip: Double? {
    var info = tcp_info()
    var size = socklen_t(MemoryLayout<tcp_info>.size)
    guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0,
      info.tcpi_rtt > 0
    else { return nil }
    return Double(info.tcpi_rtt) / 1e6
  }
}
