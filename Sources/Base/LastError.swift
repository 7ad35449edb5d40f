import Glibc

/// What the C library says of the last failure.
package func lastError() -> String { String(cString: strerror(errno)) }
