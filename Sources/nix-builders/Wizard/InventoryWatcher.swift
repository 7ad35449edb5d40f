import Builders
// Its sources may be used from any thread, which they do not declare on Linux.
@preconcurrency import Dispatch
import Glibc
import SystemPackage

/// Tells when builders.json changes, by inotify(7): nothing wakes up while nothing happens.
final class InventoryWatcher: Sendable {
  private let source: any DispatchSourceRead

  /// Watches a directory; `nil` when there is none.
  ///
  /// - Parameter changed: is called on some thread, once for all changes that come together.
  init?(directory: FilePath, changed: @escaping @Sendable () -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
    guard inotify_add_watch(descriptor, directory.string, events | UInt32(IN_ONLYDIR)) >= 0 else {
      close(descriptor)
      return nil
    }
    // In order, one after the other.
    let queue = DispatchQueue(label: "inventory watcher")
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler { @Sendable in
      if Self.isAboutInventory(descriptor) { changed() }
    }
    source.setCancelHandler { @Sendable in close(descriptor) }
    source.resume()
  }

  deinit { source.cancel() }

  /// Takes what there is to read, and looks for the inventory's name in it.
  private static func isAboutInventory(_ descriptor: Int32) -> Bool {
    var isFound = false
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let header = MemoryLayout<inotify_event>.size
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return isFound }
      buffer.withUnsafeBytes { bytes in
        var place = 0
        while place + header <= count {
          let event = bytes.loadUnaligned(fromByteOffset: place, as: inotify_event.self)
          let end = place + header + Int(event.len)
          let name = bytes[(place + header)..<min(end, count)].prefix { $0 != 0 }
          // When too much has happened at once, nobody knows what.
          if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { isFound = true }
          if name.elementsEqual(Inventory.fileName.utf8) { isFound = true }
          place = end
        }
      }
    }
  }
}
