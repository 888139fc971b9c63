import Calculations

extension MinibatchTask {
  private var n: Calculation { .argument("exampleCount", exampleCount) }
  private var batchCount: Calculation {
    .argument("derivatives.count", Double(derivatives.count))
  }
  private var table: Calculation { .argument("derivatives", derivatives) }
  private var penaltyTerm: Calculation { .argument("penalty", penalty) }

  /// N/M times the sum of the means of the rows.
  var calculation: Calculation {
    let means = mean(table, axis: 1, over: "ε")
    return n / batchCount * sum(means) + penaltyTerm
  }

  /// N times the sum of all numbers, divided by M and L.
  var calculationFromSums: Calculation {
    let table = table
    let draws = Calculation.argument("derivatives[0].count", Double(derivatives[0].count))
    let losses = sum(table, axis: 1, over: "ε") / draws
    return n * sum(losses) / batchCount + penaltyTerm
  }

  /// N times the mean of all numbers.
  var calculationFromMean: Calculation { n * mean(table) + penaltyTerm }
}
