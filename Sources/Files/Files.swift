import Foundation
import Synchronization

/// Why a file could not be read or written, in words for the person who named it.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was attempted.
  public enum Operation: Sendable { case read, write }

  /// What was attempted.
  public var operation: Operation
  /// The file, as the user named it.
  public var path: String
  /// What is wrong with it, as a clause: "it ends after 12 of 16 header bytes".
  public var reason: String

  /// Creates the error for one file.
  public init(_ operation: Operation, _ path: String, _ reason: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// One sentence: "cannot read FILE: reason".
  public var description: String { "cannot \(operation) \(path): \(reason)" }
}

/// Opens a regular file for reading.
///
/// Anything else is refused: a folder has no bytes, a pipe may never have any, and a device such as
/// `/dev/zero` may never run out of them.
///
/// - Throws: `FileError` if there is no such file, if it may not be read, or if it is not regular.
public func openFile(_ path: String) throws(FileError) -> FileHandle {
  // O_NONBLOCK: opening a pipe would otherwise wait for somebody to write to it.
  let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(.read, path, systemReason()) }
  let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  var status = stat()
  guard unsafe fstat(file.fileDescriptor, &status) == 0 else {
    throw FileError(.read, path, systemReason())
  }
  if let reason = reasonNotRegular(status) { throw FileError(.read, path, reason) }
  return file
}

/// Reads a whole regular file.
///
/// - Parameters:
///   - path: The file; symbolic links are followed.
///   - limit: The most bytes it may have; a larger file is refused before anything is allocated.
/// - Throws: `FileError` if there is no such file, if it may not be read, if it is not regular, or
///   if it is larger than `limit`.
public func readFile(_ path: String, limit: Int = 1 << 30) throws(FileError) -> Data {
  let file = try openFile(path)
  var status = stat()
  guard unsafe fstat(file.fileDescriptor, &status) == 0 else {
    throw FileError(.read, path, systemReason())
  }
  let size = Int(status.st_size)
  guard size <= limit else {
    throw FileError(.read, path, "it has \(size) bytes, and at most \(limit) are read")
  }
  var data = Data(capacity: size)
  var chunk = [UInt8](repeating: 0, count: min(size, 1 << 20))
  while data.count < size {
    let count = unsafe read(file.fileDescriptor, &chunk, min(chunk.count, size - data.count))
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw FileError(.read, path, systemReason()) }
    if count == 0 { break }
    data += chunk[..<count]
  }
  return data
}

/// Writes a whole file, so that a reader finds either all of the old bytes or all of the new ones,
/// whatever fails on the way, even the power.
///
/// The bytes go to a new file in the same folder, from there to the disk, and only then is that
/// file renamed. If this process is killed before that (`kill -9`), a file `.unfinished-…` stays
/// behind, which nothing reads and which can be deleted; gentler signals can be made to wait, see
/// ``waitsForReplacement(_:)``.
///
/// An existing file keeps its permissions, and one that is write-protected is left alone; a symbolic
/// link stays, and its target is replaced.
///
/// - Throws: `FileError` if the folder is missing or may not be written to, if the disk is full, or
///   if `path` is a folder, a device or write-protected. The old file is then as it was.
public func replaceFile(_ path: String, with data: Data) throws(FileError) {
  func failure(_ reason: String = systemReason()) -> FileError { FileError(.write, path, reason) }

  let destination = try Destination(of: path)
  let temporary = destination.folder + ".unfinished-" + UUID().uuidString
  // Without permissions to preserve, 0o666 leaves the choice to the umask, as everywhere.
  replacementsUnderWay.add(1, ordering: .sequentiallyConsistent)
  defer { endReplacement() }
  let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw failure() }
  var isOpen = true
  var isFinished = false
  defer {
    if isOpen { close(descriptor) }
    if !isFinished { unsafe unlink(temporary) }
  }

  if let permissions = destination.permissions, fchmod(descriptor, permissions) != 0 {
    throw failure()
  }
  var rest = data[...]
  while !rest.isEmpty {
    let chunk = [UInt8](rest.prefix(1 << 20))
    let count = unsafe write(descriptor, chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw failure() }
    rest = rest.dropFirst(count)
  }
  guard fsync(descriptor) == 0 else { throw failure() }
  isOpen = false
  // Some network file systems report a full disk only here.
  guard close(descriptor) == 0 else { throw failure() }
  guard unsafe rename(temporary, destination.path) == 0 else { throw failure() }
  isFinished = true

  // The new name is safe once the folder is on the disk too. The file is in place by now, so a
  // system that cannot do this is no reason to report a failure.
  let folderDescriptor = unsafe open(destination.folder, O_RDONLY | O_CLOEXEC)
  if folderDescriptor >= 0 {
    fsync(folderDescriptor)
    close(folderDescriptor)
  }
}

private let replacementsUnderWay = Atomic<Int>(0)
/// The signal to raise at the end of a replacement; 0 for none.
private let waitingSignal = Atomic<Int32>(0)

/// Whether a signal that ends the process has to wait for a file that is being replaced. If so, it
/// is raised again as soon as that is done. A second signal need not wait.
///
/// A handler of signals may call it.
public func waitsForReplacement(_ signal: Int32) -> Bool {
  replacementsUnderWay.load(ordering: .sequentiallyConsistent) > 0
    && waitingSignal.exchange(signal, ordering: .sequentiallyConsistent) == 0
}

/// The files of locks that are held.
let lockFiles = Mutex<Set<String>>([])

/// Deletes the files of all held locks, for a process that a signal is about to end. A lock that is
/// being taken at this moment leaves its file behind, which blocks nobody.
///
/// A handler of signals may call it.
public func removeLockFiles() {
  _ = lockFiles.withLockIfAvailable { names in
    for name in names { unsafe unlink(name) }
  }
}

private func endReplacement() {
  let rest = replacementsUnderWay.subtract(1, ordering: .sequentiallyConsistent).newValue
  let signal = waitingSignal.load(ordering: .sequentiallyConsistent)
  if rest == 0 && signal != 0 { raise(signal) }
}

/// The system's explanation of an error number, by default that of the last failed call, as a clause.
public func systemReason(_ number: Int32 = errno) -> String {
  let text = unsafe String(cString: strerror(number))
  return text.prefix(1).lowercased() + text.dropFirst()
}

/// The system's explanation of an error of Foundation, which wraps the number in errors of its own.
public func systemReason(of error: any Error) -> String {
  let error = error as NSError
  if error.domain == NSPOSIXErrorDomain { return systemReason(Int32(error.code)) }
  guard let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error else {
    return error.localizedDescription
  }
  return systemReason(of: cause)
}

/// Why a file with this status is not a regular one; nil if it is.
func reasonNotRegular(_ status: stat) -> String? {
  switch status.st_mode & S_IFMT {
  case S_IFREG: nil
  case S_IFDIR: "it is a folder"
  default: "it is not a regular file"
  }
}
