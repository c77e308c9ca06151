import Glibc

/// The result of a system call that is made again when a signal interrupts it.
/// - Parameter call: Returns a negative number and sets `errno` when it fails.
/// - Returns: What `call` returned last.
package func uninterrupted<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
