import Foundation

/// Programs that keep the processors busy during a measurement, as a browser or a video call does.
final class BusyProcesses {
  private var processes: [Process] = []

  /// Starts `count` programs, each of which keeps one processor busy until `stop`, or until this process
  /// ends.
  init(_ count: Int) throws {
    for _ in 0..<count {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = [
        "-c", "while kill -0 \"$0\" 2>/dev/null; do :; done",
        "\(ProcessInfo.processInfo.processIdentifier)",
      ]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      processes.append(process)
    }
  }

  /// Ends the programs.
  func stop() {
    for process in processes { process.terminate() }
    for process in processes { process.waitUntilExit() }
    processes = []
  }
}
