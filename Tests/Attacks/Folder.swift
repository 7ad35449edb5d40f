import Glibc

/// A folder of one attempt, and in it the one that the program writes to.
struct Folder {
  let path: String
  var output: String { "\(path)/out" }

  /// Makes a folder, and removes it after the body.
  static func with<Value>(_ body: (Folder) -> Value) -> Value {
    var template = Array("/tmp/nix-builders-attack-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("no folder in /tmp: \(errno)") }
    let folder = Folder(
      path: String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    mkdir(folder.output, 0o755)
    defer { remove(folder.path) }
    return body(folder)
  }

  /// Removes a file, or a folder with all in it; what a link points to stays.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// What a folder holds.
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func write(_ text: String, to name: String) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    _ = Array(text.utf8).withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
  }

  func read(_ name: String, limit: Int = .max) -> String? {
    guard let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while bytes.count < limit, case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The files that the program has written, by their names.
  var written: [String: String] {
    var files: [String: String] = [:]
    for name in Self.names(in: output) { files[name] = read("out/\(name)") }
    return files
  }
}
