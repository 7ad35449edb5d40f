/// kill -9 at each system call of a writing.
enum Kills: Campaign {
  static let name = "kill"

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    let writing = Writing()
    let calls = isShort ? ["fsync", "rename", "write"] : Writing.changing + Writing.reading
    for call in calls {
      // strace counts for each thread; the first number that none of them reaches is the end.
      var number = 1
      while writing.disturbed(by: "signal=KILL:when=\(number)", of: call, &tally) {
        number += isShort ? 3 : 1
      }
    }
  }
}

/// Each system call of a writing failing once, in each way in which a disk can fail it.
enum Faults: Campaign {
  static let name = "faults"

  static func run(_ tally: inout Tally, _ generator: inout Generator, _ isShort: Bool) {
    let writing = Writing()
    let errors = isShort ? ["ENOSPC"] : ["ENOSPC", "EIO", "EDQUOT", "EROFS"]
    for error in errors {
      for call in isShort ? ["fsync", "rename", "write"] : Writing.changing {
        var number = 1
        while writing.disturbed(by: "error=\(error):when=\(number)", of: call, &tally) {
          number += isShort ? 2 : 1
        }
      }
    }
  }
}
