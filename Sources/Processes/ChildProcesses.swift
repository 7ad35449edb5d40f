import CProcess
import Glibc

/// The programs that this one has started and that are still running.
public enum ChildProcesses {
  /// Makes a crash of this program kill its children first. The handlers that were there before
  /// still run afterwards. To be called once, early.
  public static func endOnCrash() {
    cprocess_end_on_crash()
  }

  /// Makes SIGHUP, SIGINT, SIGQUIT and SIGTERM kill the children first, and then do what they did
  /// before. For commands that do not handle these signals in another way.
  public static func endOnTermination() {
    cprocess_end_on_termination()
  }

  /// Kills every child with its process group at once, for when this program is about to end.
  public static func killAll() {
    cprocess_signal_all(SIGKILL)
  }
}
