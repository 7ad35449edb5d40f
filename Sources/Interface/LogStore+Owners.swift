extension LogStore {
  /// Notes whose the next lines are; 0 is nobody. It is told for all lines of a log or for none.
  ///
  /// - Parameter owner: a number from 0 to 4,294,967,295, given out by those who fill the log.
  public func note(owner: Int, ofLines count: Int) { owners.append(owner, lines: count) }

  /// Notes when the lines come that are appended from now on.
  public func note(time seconds: Double) { times.note(line: lineCount, at: seconds) }

  /// The last lines of an owner, in order, without their ends; what is not kept is left out.
  public func lastLines(_ count: Int, of owner: Int) -> [[UInt8]] {
    var lines: [Int] = []
    var group = (owners.lineCount + LogOwners.groupLength - 1) / LogOwners.groupLength - 1
    while group >= 0, lines.count < count {
      let start = group * LogOwners.groupLength
      owners.withGroup(group) { owners in
        var index = owners.count - 1
        while index >= 0, lines.count < count {
          if owners[index] == owner { lines.append(start + index) }
          index -= 1
        }
      }
      group -= 1
    }
    return lines.reversed().compactMap { line($0) }
  }
}
