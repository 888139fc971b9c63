import Exercises
import Notebook
import Probability

@main
struct AutodiffFromNothing {
  static let point = Knob.real(
    "point", default: 1, in: -3...5,
    help: "The x at which 0.1 estimates the derivative of eˣ by differences.")
  static let inputs = Knob.integer(
    "inputs", default: 64, in: 2...256, unit: "numbers",
    help: "The largest number of inputs, and of outputs, of the networks in 0.4.")
  static let hidden = Knob.integer(
    "hidden", default: 16, in: 2...128, unit: "units",
    help: "The hidden units of the network that learns a curve in 0.6.")
  static let steps = Knob.integer(
    "steps", default: 2000, in: 100...10_000, unit: "steps",
    help: "How many steps gradient descent and Adam take in 0.6.")

  static let chapter = Chapter(
    "Ch00-Autodiff", title: "A gradient, from nothing",
    abstract: """
      Every later chapter asks one small library for gradients. Here it is built from nothing: from \
      differences, by way of the chain rule on paper, to a tape in sixty lines, and on to the tensors \
      that the other chapters use.
      """,
    note: "00-autodiff.md", next: "Ch01-Ring",
    knobs: [point, inputs, hidden, steps], commands: [.exercises(Checks.all)]
  ) { options, _ in
    let seed = SeededGenerator(seed: options.seed)
    return [
      Section("0.1", "A derivative by differences") { Differences(at: options[point]) },
      Section("0.2", "The chain rule by hand") { ChainRule() },
      Section("0.3", "A tape in sixty lines") { Tape() },
      Section("0.4", "Reverse against forward") {
        Cost(largest: options[inputs], using: seed.stream(4))
      },
      Section("0.5", "The same idea on tensors") { Tensors(using: seed.stream(5)) },
      Section("0.6", "Going downhill") {
        Training(hidden: options[hidden], steps: options[steps], using: seed.stream(6))
      },
      Section("0.7", "A new operation, and how to check it") {
        NewOperation(using: seed.stream(7))
      },
    ]
  }

  static func main() { chapter.run() }
}
