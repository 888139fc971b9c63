import Kernels
import Notebook

/// What the command line asks for.
struct Options {
  let rows: [Row]
  let threads: Int
  let repetitions: Int
  let busyCount: Int
  let python: String?
  let isJSON: Bool
  let isList: Bool

  private static let list = Knob.flag("list", help: "List the rows' names.")
  private static let json = Knob.flag("json", help: "Print one JSON object for each row.")
  private static let repetitions = Knob.integer(
    "repetitions", default: 5, in: 1...10_000, help: "How often each row is measured.")
  private static let busy = Knob.integer(
    "busy", default: 0, in: 0...1000,
    help: "How many busy programs run beside the measurements, ours and the peers'.")
  private static let peers = Knob.path(
    "peers", placeholder: "PYTHON", requirement: "the path of a Python",
    help: """
      Also measure those of JAX, PyTorch and NumPy that this Python has, in turns with ours. \
      "1.20 × jax" means 1.2 times as fast as JAX.
      """)

  static let commandLine = CommandLineInterface(
    name: "Benchmark", knobs: [list, json, repetitions, busy, peers, Knob.threads], operand: "NAME")

  static let help = """
    Usage: swift run Benchmark [NAME...] [OPTION...]

    Measures how fast the library is, and prints one line for each row:

      name  value unit  (median of N, min–max)

    NAME is a row, such as exp/float, or a group of rows, such as matmul; without one
    all rows run. Names hold the sizes: vae-step/784-400-20 is one step of training the
    autoencoder 784-400-20-400-784, and matmul/128x400x784 a product of shape [128, 400],
    summed over 784. TN- and NT- say which operand is stored transposed.

    \(commandLine.optionList)
    """

  /// - Throws: `UsageError` for a row that is not among all.
  init(_ options: Notebook.Options, among all: [Row]) throws(UsageError) {
    var rows: [Row] = []
    for name in options.operands {
      let found = all.filter { $0.name == name || $0.name.hasPrefix(name + "/") }
      guard !found.isEmpty else {
        let names = all.map(\.name) + Set(all.map { String($0.name.prefix { $0 != "/" }) }).sorted()
        let suggestion = nearest(to: name, among: names).map { "did you mean \($0)?" }
        throw UsageError("unknown row \(quoted(name)); \(suggestion ?? "--list shows all")")
      }
      rows += found
    }
    self.rows = rows.isEmpty ? all : rows
    threads = options.threads ?? Threads.count
    repetitions = options[Self.repetitions]
    busyCount = options[Self.busy]
    python = options[Self.peers]
    isJSON = options[Self.json]
    isList = options[Self.list]
  }
}
