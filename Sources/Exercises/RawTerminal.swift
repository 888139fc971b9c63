import Foundation
import Synchronization

/// A terminal that hands over each key at once and does not show it.
///
/// Ctrl-C arrives as a key. A signal that ends the process restores the terminal first.
struct RawTerminal {
  private let descriptor: Int32
  private let previous: termios

  /// Takes the terminal over, or returns nil if the descriptor is none.
  init?(_ descriptor: Int32) {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return nil }
    self.descriptor = descriptor
    previous = settings
    unsafe restorable = (descriptor, settings)
    for number in [SIGHUP, SIGINT, SIGTERM] {
      signal(number) { number in
        if let (descriptor, settings) = unsafe restorable {
          var settings = settings
          unsafe tcsetattr(descriptor, TCSANOW, &settings)
        }
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    unsafe tcsetattr(descriptor, TCSANOW, &settings)
  }

  /// Gives the terminal back as it was.
  func restore() {
    var settings = previous
    unsafe tcsetattr(descriptor, TCSANOW, &settings)
    unsafe restorable = nil
    for number in [SIGHUP, SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}

/// What a handler of signals restores. Only the thread that watches changes it.
private nonisolated(unsafe) var restorable: (descriptor: Int32, settings: termios)?
