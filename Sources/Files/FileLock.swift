import Foundation
import Synchronization

/// A lock for replacing a file, which only one run at a time can hold.
///
/// It excludes only other runs that ask for it. The lock is on an empty file beside the one in
/// question, because a replacement puts a new file in that one's place. The system releases the
/// lock when the process ends, however that happens, so a lock file that is left behind blocks
/// nobody.
public final class FileLock: Sendable {
  private let name: String
  private let descriptor: Int32

  /// Takes the lock for the file at `path`, which need not exist yet.
  ///
  /// - Throws: `FileError` if another run holds the lock, or for the reasons of
  ///   ``replaceFile(_:with:)``.
  public init(_ path: String) throws(FileError) {
    let name = try Destination(of: path).path + ".lock"
    self.name = name
    while true {
      let descriptor = unsafe open(name, O_RDONLY | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError(.write, path, systemReason()) }
      // A file system without locks is no reason to give up.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw FileError(.write, path, "another run is writing to it")
      }
      if isFile(descriptor, named: name) {
        self.descriptor = descriptor
        lockFiles.withLock { _ = $0.insert(name) }
        return
      }
      // The last holder removed the file between the two calls.
      close(descriptor)
    }
  }

  deinit {
    lockFiles.withLock { _ = $0.remove(name) }
    unsafe unlink(name)
    close(descriptor)
  }
}

/// Whether the name still leads to the open file.
private func isFile(_ descriptor: Int32, named name: String) -> Bool {
  var (open, named) = (stat(), stat())
  return unsafe fstat(descriptor, &open) == 0 && stat(name, &named) == 0
    && (open.st_dev, open.st_ino) == (named.st_dev, named.st_ino)
}
