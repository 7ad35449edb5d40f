import Base
import Builders
import Checks
import Glibc
import Nix
import Processes

extension BusySlots {
  /// The slots that are taken now, as this machine's Nix counts them: for each there is a file
  /// `URL-NUMBER` in `current-load`, its URL with `_` for `/`, which is locked while a build runs.
  ///
  /// - Parameters:
  ///   - urls: the store URLs of the builders.
  ///   - stateDirectory: where Nix keeps its state.
  /// - Returns: `nil` when it cannot be seen, which takes root.
  static func seen(
    of urls: [String], in stateDirectory: String = standardStateDirectory
  ) -> BusySlots? {
    guard geteuid() == 0 else { return nil }
    let folder = stateDirectory + "/current-load"
    var files: [(url: String, slot: Int, path: String)] = []
    let names = fileNames(in: folder)
    for url in Set(urls) {
      for name in names {
        if let slot = slot(inName: name, of: url) { files.append((url, slot, "\(folder)/\(name)")) }
      }
    }
    if files.isEmpty { return BusySlots() }
    // Nix holds this lock while it looks for a free slot. With it in hand, looking whether one is
    // locked, which takes a try to lock it, makes no slot seem taken to Nix.
    guard let main = Lock(path: "\(folder)/main-lock"), main.take(within: 1000) else { return nil }
    defer { main.release() }
    var busy: [String: Set<Int>] = [:]
    for (url, slot, path) in files {
      guard let lock = Lock(path: path) else { return nil }
      if !lock.take() { busy[url, default: []].insert(slot) }
      lock.release()
    }
    return BusySlots(busy)
  }

  private static var standardStateDirectory: String {
    getenv("NIX_STATE_DIR").map { String(cString: $0) } ?? "/nix/var/nix"
  }

  /// The number of a slot, by the name of its file. Nix may write a URL's parameters in another
  /// way than the line does; up to them it has to be the same.
  static func slot(inName name: String, of url: String) -> Int? {
    let scalars = name.unicodeScalars
    guard let dash = scalars.lastIndex(of: "-"),
      let slot = UInt32(String(scalars[dash...].dropFirst()))
    else { return nil }
    let escaped = url.unicodeScalars.replacing("/", with: "_")
    let stem = String(scalars[..<dash])
    guard
      stem == escaped
        || url.unicodeScalars.contains("?") && BuiltDerivation.isSameStore(stem, escaped)
    else { return nil }
    return Int(slot)
  }
}

/// A file that programs lock to keep each other away (flock(2)).
private struct Lock {
  private let descriptor: Int32

  /// - Returns: `nil` when there is no such file, or it cannot be opened.
  init?(path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0 { return nil }
  }

  /// Locks it; false when somebody else holds the lock for all of the time.
  func take(within milliseconds: Int = 0) -> Bool {
    for _ in 0..<milliseconds {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(1000)
    }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  func release() { close(descriptor) }
}
