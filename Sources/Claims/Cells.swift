import Notebook
import Probability

/// Numbers as cells of a table, all with the same number of decimals.
public func cells(_ numbers: Double..., decimals: Int = 4) -> [String] {
  numbers.map { formatted($0, decimals: decimals) }
}

/// A mean and its standard error as two cells of a table.
public func cells(_ estimate: MonteCarloEstimate, decimals: Int = 4) -> [String] {
  cells(estimate.mean, estimate.standardError, decimals: decimals)
}
