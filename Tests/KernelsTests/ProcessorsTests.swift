import Foundation
import Testing

@testable import Kernels

/// A folder that stands for `/sys/fs/cgroup`, with files in it, and a file that stands for
/// `/proc/self/cgroup`.
private final class ControlGroups {
  private let folder: URL

  init(_ groups: String, _ files: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "groups-\(UUID().uuidString)")
    for (path, text) in files {
      let file = folder.appending(path: "root/" + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(groups.utf8).write(to: folder.appending(path: "groups"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var quota: Double? {
    Processors.controlGroupQuota(
      root: folder.appending(path: "root").path, groups: folder.appending(path: "groups").path)
  }
}

@Suite struct ProcessorsTests {
  @Test("By default there is a thread for each processor that the process may use")
  func defaultThreads() {
    #expect(Threads.count == Processors.available)
    #expect(1...ProcessInfo.processInfo.activeProcessorCount ~= Processors.available)
    Threads.$count.withValue(7) { #expect(Threads.count == 7) }
  }

  @Test("In version 2 of control groups, the quota is the first number of cpu.max over the second")
  func versionTwo() throws {
    #expect(try ControlGroups("0::/\n", ["cpu.max": "150000 100000\n"]).quota == 1.5)
    #expect(try ControlGroups("0::/a\n", ["a/cpu.max": "50000 100000"]).quota == 0.5)
    #expect(try ControlGroups("0::/\n", ["cpu.max": "max 100000\n"]).quota == nil)
  }

  @Test("In version 1, the quota and its period stand in a file each, and −1 means no quota")
  func versionOne() throws {
    func quota(_ path: String, _ quota: String) throws -> Double? {
      try ControlGroups(
        "5:memory:/elsewhere\n4:cpu,cpuacct:/docker/1f\n1:name=systemd:/init\n",
        [path + "cpu.cfs_quota_us": quota + "\n", path + "cpu.cfs_period_us": "100000\n"]
      ).quota
    }
    #expect(try quota("cpu/docker/1f/", "200000") == 2)
    #expect(try quota("cpu/docker/1f/", "-1") == nil)
    // In a container the group's own folder is the root of what it sees.
    #expect(try quota("cpu/", "300000") == 3)
    // Another controller's group says nothing about processors.
    #expect(try quota("cpu/elsewhere/", "100000") == nil)
    #expect(try quota("memory/elsewhere/", "100000") == nil)
  }

  @Test("The smallest quota of a group and of those around it counts")
  func nestedGroups() throws {
    let groups = "0::/user/session/job\n"
    let files = [
      "user/cpu.max": "400000 100000", "user/session/cpu.max": "max 100000",
      "user/session/job/cpu.max": "800000 100000", "user/session/other/cpu.max": "1000 100000",
    ]
    #expect(try ControlGroups(groups, files).quota == 4)
    var tighter = files
    tighter["cpu.max"] = "250000 100000"
    #expect(try ControlGroups(groups, tighter).quota == 2.5)
    tighter["user/session/job/cpu.max"] = "50000 100000"
    #expect(try ControlGroups(groups, tighter).quota == 0.5)
  }

  @Test("With both versions at once, the smaller quota counts")
  func bothVersions() throws {
    let quota = try ControlGroups(
      "4:cpu:/a\n0::/b\n",
      [
        "cpu/a/cpu.cfs_quota_us": "100000", "cpu/a/cpu.cfs_period_us": "50000",
        "b/cpu.max": "300000 100000",
      ]
    ).quota
    #expect(quota == 2)
  }

  @Test(
    "Files that are missing, or hold something else, are no quota",
    arguments: [
      "", "\n", "100000", "a b", "100000 0", "0 100000", "-5 100000", "1 2 3", "nan 1", "1 nan",
      "\u{0}\u{1}", "100000,100000",
    ])
  func garbage(text: String) throws {
    #expect(try ControlGroups("0::/\n", ["cpu.max": text]).quota == nil)
    #expect(try ControlGroups(text, ["cpu.max": "100000 100000"]).quota == nil)
    #expect(try ControlGroups("0::/", [:]).quota == nil)
    #expect(Processors.controlGroupQuota(root: "/nowhere", groups: "/nowhere/groups") == nil)
  }

  @Test("A group's path may hold colons, lead outside, be empty or have no slash")
  func oddPaths() throws {
    let files = ["cpu.max": "100000 100000", "a:b/cpu.max": "50000 100000"]
    #expect(try ControlGroups("0::/a:b\n", files).quota == 0.5)
    #expect(try ControlGroups("0::/../../..\n", files).quota == 1)
    #expect(try ControlGroups("0::\n", files).quota == 1)
    #expect(try ControlGroups("0::no/slash\n", files).quota == nil)
  }
}
