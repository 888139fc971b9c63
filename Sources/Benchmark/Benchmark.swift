import Foundation
import Kernels
import Notebook

@main
struct BenchmarkCommand {
  static func main() {
    StandardStream.occupyClosed()
    // A peer that ends must not end this process too.
    signal(SIGPIPE, SIG_IGN)
    var status = ExitStatus.success
    do {
      switch try Options.commandLine.parse(Array(CommandLine.arguments.dropFirst())) {
      case .help: try output(Options.help)
      case .version: try output("Benchmark \(Chapter.version)\n")
      case .run(let given):
        let options = try Options(given, among: allRows)
        if options.isList {
          try output(options.rows.map { $0.name + "\n" }.joined())
        } else {
          try Threads.$count.withValue(options.threads) { try measure(options) }
        }
      }
    } catch {
      complain(error)
      status = ExitStatus(of: error)
    }
    exit(status.rawValue)
  }

  private static func measure(_ options: Options) throws {
    let missing = LaunchEnvironment.ofProcess.missingProcessorFeatures
    guard missing.isEmpty else { throw UnsuitableProcessor(missing: missing) }
    let busy = try BusyProcesses(options.busyCount)
    defer { busy.stop() }
    var peers: [Peer] = []
    if let python = options.python {
      guard isPython(python) else {
        throw UsageError("--peers must be a Python that can be run, not \(quoted(python))")
      }
      peers = try Peer.names.map { try Peer($0, python: python, threads: options.threads) }
    }
    let width = options.rows.map(\.name.count).max()!
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for row in options.rows {
      let result = try MeasuredRow(of: row, options, &peers)
      if options.python != nil && peers.isEmpty { throw NoPeers() }
      let line =
        options.isJSON
        ? String(decoding: try encoder.encode(result), as: UTF8.self)
        : result.line(nameWidth: width)
      try output(line + "\n")
    }
  }

  /// Someone who reads through a pipe sees each row as soon as it is measured. If they close the
  /// pipe, the program ends silently; if a peer closes its pipe, the program goes on.
  private static func output(_ text: String) throws {
    signal(SIGPIPE, SIG_DFL)
    defer { signal(SIGPIPE, SIG_IGN) }
    try StandardStream.output.send(text)
  }

  fileprivate static func complain(_ error: any Error) {
    try? StandardStream.error.send(complaint(error, usage: Options.commandLine.usage))
  }
}

private struct UnsuitableProcessor: Error, CustomStringConvertible {
  let missing: [String]
  var description: String {
    "the processor lacks \(missing.joined(separator: ", ")); "
      + "build for any processor with: PORTABLE=1 swift run Benchmark"
  }
}

/// That Python has none of jax, torch and numpy.
private struct NoPeers: Error, CustomStringConvertible {
  var description: String {
    "there is nothing to compare with: the Python of --peers has none of jax, torch and numpy"
  }
}

/// A measured row.
private struct MeasuredRow: Encodable {
  let name: String
  let unit: Unit
  let threads: Int
  /// The number of busy programs during the measurement.
  let busy: Int
  /// The median of `ours`.
  let value: Double
  let ours: Summary
  var peers: [Comparison] = []

  struct Comparison: Encodable {
    let name: String
    let version: String
    let theirs: Summary
    /// How many times as fast ours is: the median over pairs of measurements, one taken right after
    /// the other, so that whatever else the machine does affects both.
    let speed: Double
  }

  /// Measures ours and each peer in turns. A peer that fails is left out from then on.
  init(of row: Row, _ options: Options, _ peers: inout [Peer]) throws {
    name = row.name
    unit = row.unit
    (threads, busy) = (options.threads, options.busyCount)
    let repetitions = options.repetitions
    let prepared = try PreparedRow(row)
    var values: [Double] = []
    for peer in peers {
      do {
        // The first answer includes compiling and the like. It only tells whether the peer has the
        // row.
        let first = try peer.measure(row.name)
        guard first.value != nil, let version = first.version else { continue }
        var pairs: [(ours: Double, theirs: Double)] = []
        for _ in 0..<repetitions {
          pairs.append((prepared.measure(), try peer.measure(row.name).value!))
        }
        values += pairs.map(\.ours)
        self.peers.append(
          Comparison(
            name: peer.name, version: version, theirs: Summary(pairs.map(\.theirs)),
            speed: Summary(pairs.map { row.unit.speed(of: $0.ours, over: $0.theirs) }).median))
      } catch {
        BenchmarkCommand.complain(error)
        peers.removeAll { $0 === peer }
      }
    }
    if values.isEmpty { values = (0..<repetitions).map { _ in prepared.measure() } }
    ours = Summary(values)
    value = ours.median
  }

  func line(nameWidth: Int) -> String {
    let text = { (value: Double) in
      value < 1000 ? formatted(value, digits: 4) : formatted(value, decimals: 0)
    }
    let number = text(value)
    var line = name + String(repeating: " ", count: nameWidth - name.count + 2)
    line += String(repeating: " ", count: max(0, 7 - number.count))
    line += "\(number) \(unit.rawValue)"
    line += "  (median of \(ours.repetitions), \(text(ours.min))–\(text(ours.max)))"
    for peer in peers {
      line += "  \(formatted(peer.speed, decimals: 2)) × \(peer.name) (\(text(peer.theirs.median)))"
    }
    return line
  }
}
