import Foundation

/// Where a file will be written, and whether it can be: the answer is the same before the work as
/// after it.
struct Destination {
  /// The file at the end of all symbolic links, whether it exists yet or not.
  let path: String
  /// The permissions of the existing file; nil if there is none.
  let permissions: mode_t?

  /// The folder of `path`.
  var folder: String { Files.folder(of: path) }

  init(of path: String) throws(FileError) {
    func failure(_ reason: String = systemReason()) -> FileError { FileError(.write, path, reason) }

    guard let target = followingLinks(path) else {
      throw failure("its symbolic links form a loop")
    }
    var status = stat()
    if unsafe stat(target, &status) == 0 {
      if let reason = reasonNotRegular(status) { throw failure(reason) }
      guard unsafe access(target, W_OK) == 0 else { throw failure() }
      permissions = status.st_mode & 0o777
    } else {
      guard errno == ENOENT || errno == ENOTDIR else { throw failure() }
      guard let last = target.last, last != "/" else {
        throw failure("it is not the name of a file")
      }
      permissions = nil
    }
    self.path = target
    if let reason = reasonNotWritable(folder: folder) { throw failure(reason) }
  }
}

/// Finds out, before the work begins, whether ``replaceFile(_:with:)`` could write a file at its
/// end.
///
/// - Throws: What `replaceFile` would throw, as far as that can be known in advance.
public func requireWritableFile(_ path: String) throws(FileError) {
  _ = try Destination(of: path)
}

/// Finds out, before the work begins, whether files could be written into a folder at its end. The
/// folder itself may be missing if its parent exists: ``makeFolder(_:)`` makes it.
///
/// - Throws: `FileError` if something else has the name, or if the folder or its parent is not
///   writable.
public func requireWritableFolder(_ path: String) throws(FileError) {
  func failure(_ reason: String) -> FileError { FileError(.write, path, reason) }
  var status = stat()
  if unsafe stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else { throw failure("it is not a folder") }
    if let reason = reasonNotWritable(folder: path) { throw failure(reason) }
  } else {
    guard errno == ENOENT || errno == ENOTDIR else { throw failure(systemReason()) }
    let name = path.hasSuffix("/") ? String(path.dropLast()) : path
    if let reason = reasonNotWritable(folder: folder(of: name)) { throw failure(reason) }
  }
}

/// Makes a folder, if it is not there yet.
public func makeFolder(_ path: String) throws(FileError) {
  guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else {
    throw FileError(.write, path, "the folder cannot be made: \(systemReason())")
  }
}

/// Everything before the last component of a path: ends in a slash, and is never empty.
public func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "./" }
  return String(path[...slash])
}

/// Where a file is, or would be: two paths that lead to the same place compare equal.
public struct FilePlace: Hashable {
  private let folder: FolderIdentity
  /// The file's name in its folder.
  public let name: String

  /// The place that a path leads to, through symbolic links if need be; nil if there is no such
  /// folder.
  public init?(of path: String) {
    guard let target = followingLinks(path) else { return nil }
    let folderPath = Files.folder(of: target)
    guard let folder = FolderIdentity(folderPath) else { return nil }
    self.folder = folder
    name = target.hasPrefix(folderPath) ? String(target.dropFirst(folderPath.count)) : target
  }

  /// Whether the file is in a folder.
  public func isIn(folder path: String) -> Bool { FolderIdentity(path) == folder }
}

/// The identity of a folder, whatever path leads to it.
private struct FolderIdentity: Hashable {
  let device: dev_t
  let number: ino_t

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
  }
}

/// The file, existing or not, that `path` leads to through symbolic links; nil if they run in a
/// circle.
private func followingLinks(_ path: String) -> String? {
  var path = path
  for _ in 0..<40 {
    guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
      return path
    }
    path = next.hasPrefix("/") || !path.contains("/") ? next : folder(of: path) + next
  }
  return nil
}

/// Why no file can be made in a folder; nil if one can.
private func reasonNotWritable(folder: String) -> String? {
  let name = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  let words = name == "." ? "the working folder" : "the folder \(name)"
  var status = stat()
  // The working folder of a process can be deleted; then it has no links left, and no file can be
  // made in it.
  guard unsafe stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_nlink > 0
  else {
    return name == "." ? "the working folder no longer exists" : "there is no folder \(name)"
  }
  guard unsafe access(folder, W_OK | X_OK) == 0 else {
    return "\(words) may not be written to: \(systemReason())"
  }
  return nil
}
