import Foundation

/// The processors that this process may use.
enum Processors {
  /// These are the processors that it is bound to (`taskset`), but no more than its control group's
  /// quota (`docker --cpus`) amounts to: with more threads, the system would keep stopping all of
  /// them.
  static let available: Int = {
    let active = ProcessInfo.processInfo.activeProcessorCount
    guard let quota = controlGroupQuota() else { return active }
    return max(1, Int(min(Double(active), quota.rounded())))
  }()

  /// The smallest quota of this process's control group and those around it, in processors; nil
  /// where there is none.
  ///
  /// Each line of `/proc/self/cgroup` names a group: `0::/path` in version 2 of control groups, whose
  /// file `cpu.max` holds the quota and its period; `4:cpu,cpuacct:/path` in version 1, with a file for
  /// each.
  static func controlGroupQuota(
    root: String = "/sys/fs/cgroup", groups: String = "/proc/self/cgroup"
  ) -> Double? {
    var quotas: [Double] = []
    for line in words(groups, separatedBy: \.isNewline) {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isNew = fields[1].isEmpty
      guard isNew || fields[1].split(separator: ",").contains("cpu") else { continue }
      var path = root + (isNew ? "" : "/cpu") + (fields[2] == "/" ? "" : String(fields[2]))
      while path.count >= root.count {
        let numbers =
          isNew
          ? words(path + "/cpu.max")
          : words(path + "/cpu.cfs_quota_us") + words(path + "/cpu.cfs_period_us")
        if numbers.count == 2, let quota = Double(numbers[0]), let period = Double(numbers[1]),
          quota > 0, period > 0
        {
          quotas.append(quota / period)
        }
        path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
      }
    }
    return quotas.min()
  }

  private static func words(
    _ path: String, separatedBy isSeparator: (Character) -> Bool = \.isWhitespace
  ) -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    return text.split(whereSeparator: isSeparator).map(String.init)
  }
}
