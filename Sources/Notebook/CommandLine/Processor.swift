import Foundation

/// What the kernels' machine code expects of an x86-64 processor: the level x86-64-v3.
///
/// This module itself is compiled for any x86-64 processor, so that it can say what is missing
/// before the first such instruction would end the process without a message.
enum Processor {
  /// The features by the names that Linux gives them; `abm` holds LZCNT.
  static let required = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]

  /// The required features that are missing from the text of `/proc/cpuinfo`, or none if it has no
  /// line of flags to go by.
  static func missingFeatures(cpuinfo: String) -> [String] {
    guard let line = cpuinfo.split(separator: "\n").first(where: { $0.hasPrefix("flags") }) else {
      return []
    }
    let present = Set(line.split(whereSeparator: \.isWhitespace))
    return required.filter { !present.contains(Substring($0)) }
  }

  /// What this processor lacks for this build.
  static var missingFeatures: [String] {
    #if arch(x86_64) && !PORTABLE
      #if os(Linux)
        let cpuinfo = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        return missingFeatures(cpuinfo: cpuinfo ?? "")
      #elseif canImport(Darwin)
        // Every Mac with AVX2 has the rest of the level.
        return hasSystemFeature("hw.optional.avx2_0") ? [] : ["avx2"]
      #else
        return []
      #endif
    #else
      return []
    #endif
  }

  #if arch(x86_64) && canImport(Darwin)
    private static func hasSystemFeature(_ name: String) -> Bool {
      var value: Int32 = 0
      var size = MemoryLayout<Int32>.size
      return sysctlbyname(name, &value, &size, nil, 0) == 0 && value != 0
    }
  #endif
}
