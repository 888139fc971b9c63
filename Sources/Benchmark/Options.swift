import Foundation
import Notebook

/// What the command line asks for.
struct Options {
  var rows: [Row] = []
  var threads = ProcessInfo.processInfo.activeProcessorCount
  var repetitions = 5
  var python: String?
  var isJSON = false
  var isList = false
  var isHelp = false

  static let help = """
    Usage: swift run Benchmark [NAME…] [OPTION…]

    Measures how fast the library is, one line a row:

      name  value unit  (median of N, min–max)

    NAME is a row, such as exp/float, or a group of rows, such as matmul; without one
    all rows run. Names hold the sizes: vae-step/784-400-20 is one step of training the
    autoencoder 784-400-20-400-784, and matmul/128x400x784 a product of shape [128, 400],
    summed over 784. TN- and NT- before them say which operand lies transposed in memory.

      --list               List the rows' names.
      --json               Print one JSON object a row.
      --threads N          How many threads compute (default one a core).
      --repetitions N      How often each row is measured (default 5).
      --peers PYTHON       Measure JAX, PyTorch and NumPy too, in turns with ours, as far as
                           this Python has them: "1.20 × jax" is 1.2 times as fast as JAX.
      -h, --help           Print this help.

    """

  /// The arguments (without the program's name) as options.
  init(_ arguments: [String], among all: [Row]) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--list": isList = true
      case "--json": isJSON = true
      case "--help", "-h": isHelp = true
      case "--threads": threads = try Self.count(argument, 1...256, &rest)
      case "--repetitions": repetitions = try Self.count(argument, 1...10_000, &rest)
      case "--peers":
        guard let python = rest.popFirst() else {
          throw UsageError("--peers needs a value: the path of a Python")
        }
        self.python = python
      case _ where argument.hasPrefix("-"):
        throw UsageError("unknown option \(String(reflecting: argument))")
      default:
        let found = all.filter { $0.name == argument || $0.name.hasPrefix(argument + "/") }
        if found.isEmpty {
          throw UsageError(
            "unknown row \(String(reflecting: argument)); "
              + "did you mean \(Self.nearest(to: argument, among: all))?")
        }
        rows += found
      }
    }
    if rows.isEmpty { rows = all }
  }

  private static func count(
    _ option: String, _ range: ClosedRange<Int>, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> Int {
    let text = rest.popFirst()
    guard let text, let count = Int(text), range.contains(count) else {
      throw UsageError(
        "\(option) must be an integer from \(range.lowerBound) to \(range.upperBound)"
          + (text.map { ", not \(String(reflecting: $0))" } ?? ""))
    }
    return count
  }

  /// The row or group that needs the fewest letters changed.
  private static func nearest(to text: String, among rows: [Row]) -> String {
    let groups = rows.map { String($0.name.prefix { $0 != "/" }) }
    return (rows.map(\.name) + groups)
      .map { (name: $0, changes: Array($0).difference(from: Array(text)).count) }
      .min { $0.changes < $1.changes }!.name
  }
}
