import TextReaders

/// What libFuzzer calls with each input: `Tests/Attacks/fuzz` builds and starts it.
///
/// The first byte of an input chooses the reader, the rest is the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func readInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: bytes, count: count)
  guard let first = input.first else { return 0 }
  let readers = TextReader.all
  readers[Int(first) % readers.count].read(Array(input.dropFirst()))
  return 0
}
