import Autodiff

// What goes wrong with a fixed number in place of the largest log, and in the loop over the logs.

extension LogSumExp {
  /// With a number that was chosen beforehand in place of the largest.
  static var fixedShiftMistakes: [Mistake<LogSumExp>] {
    let shifts: [Double] = [
      -700, -600, -500, -400, 100, 200, 300, 400, 500, 600, 700, 1000,
    ]
    return shifts.flatMap { shift in
      [
        Mistake<LogSumExp>(
          "shift by \(shift)",
          "a fixed number was added to the logs or subtracted, so an exponential became 0 or "
            + "infinite; subtract the largest of the logs, whatever it is"
        ) { $0.shift = { _ in shift } },
        Mistake<LogSumExp>(
          "shift by \(shift), not restored",
          "a fixed number was added to the logs or subtracted, and not taken back at the end; "
            + "subtract the largest of the logs, and add it at the end"
        ) {
          $0.shift = { _ in shift }
          $0.restored = { _ in 0 }
        },
      ]
    }
  }

  /// In what a step of the loop adds to the sum.
  static var loopMistakes: [Mistake<LogSumExp>] {
    [
      Mistake(
        "shift outside exp",
        "the largest was subtracted from the exponentials; subtract it from the logs, inside `exp`"
      ) {
        $0.terms = { logs in logs.map { .exp($0) } }
        $0.exponential = { $0 }
      },
      Mistake(
        "doubled",
        "the sum is doubled in each step of the loop; write `sum += e`, not `sum += sum + e`"
      ) {
        $0.terms = { logs in
          logs.indices.map { logs[$0] + Double(logs.count - 1 - $0) * Double.log(2) }
        }
      },
    ]
  }
}

extension LogMeanExp {
  /// With 1/n, or the sign of the logs, in the wrong place.
  static var placeMistakes: [Mistake<LogMeanExp>] {
    let opposite =
      "the logs entered with the opposite sign, as in a loss; e^(−l) is 1 divided by e^l"
    return [
      Mistake("negative logs", opposite) { $0.selection = { logs in logs.map { -$0 } } },
      Mistake("harmonic mean", opposite) {
        $0.selection = { logs in logs.map { -$0 } }
        $0.finish = { logarithm, _ in -logarithm }
      },
      Mistake(
        "1/n added",
        "that is the log of 1 plus the sum, not divided by n: was 1/n added to each exponential, or "
          + "does the sum begin at 1?"
      ) {
        $0.weight = { _ in 1 }
        $0.sum.start = 1
      },
    ]
  }
}
