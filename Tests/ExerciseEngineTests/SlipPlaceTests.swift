import Calculations
import Testing

@testable import Exercises

/// A table, by rows, and a number for each column.
private struct Table {
  var x: [[Double]]
  var s: [Double]

  /// The sum over the rows of something made of the row and the column, for each column.
  func sums(_ term: (_ row: Int, _ column: Int) -> Double) -> [Double] {
    s.indices.map { column in x.indices.reduce(0) { $0 + term($1, column) } }
  }
}

/// The sums of x (x + s) and of s/x for each column, whose calculation is known. A student writes
/// something in place of one or both.
private func exercise(
  product: @escaping (Table, Int, Int) -> Double = { $0.x[$1][$2] * ($0.x[$1][$2] + $0.s[$2]) },
  quotient: @escaping (Table, Int, Int) -> Double = { $0.s[$2] / $0.x[$1][$2] }
) -> String {
  var comparison = Comparison<Table, [[Double]]>(of: { table in
    [table.sums { product(table, $0, $1) }, table.sums { quotient(table, $0, $1) }]
  }) { table in
    [
      table.sums { table.x[$0][$1] * (table.x[$0][$1] + table.s[$1]) },
      table.sums { table.s[$1] / table.x[$0][$1] },
    ]
  }
  for x in [[[1, 2.5], [3, -1]], [[0.5, 1], [2, 4], [-1, 0.25]]] as [[[Double]]] {
    comparison.ask("\(x)", Table(x: x, s: [4, 0.8]))
  }
  comparison.calculation { table in
    let x = Calculation.argument("x", table.x)
    let s = Calculation.argument("s", table.s)
    let shifted = (x + s).named("shifted")
    return .list([sum(x * shifted, axis: 0), sum(s / x, axis: 0)])
  }
  return Exercise("table", "Sums", minutes: 1, hints: ["Add."], comparison).verdict().message
}

@Suite struct SlipsAtPlaces {
  @Test("One row or column in place of each is said, also where only one step uses it")
  func rowsAndColumns() {
    let row = exercise(product: { $0.x[0][$2] * ($0.x[$1][$2] + $0.s[$2]) })
    #expect(row.contains("if in `x * shifted`, only the first row of `x` counts"))
    let column = exercise(product: { $0.x[$1][1] * ($0.x[$1][$2] + $0.s[$2]) })
    #expect(column.contains("if in `x * shifted`, only the last column of `x` counts"))
  }

  @Test("What has a name may stand in place of what it is made of")
  func named() {
    let squared = exercise(product: { ($0.x[$1][$2] + $0.s[$2]) * ($0.x[$1][$2] + $0.s[$2]) })
    #expect(squared.contains("if in `x * shifted`, `shifted` stands where `x` belongs"))
  }

  @Test("A numerator that is missing is said")
  func numerator() {
    let inverse = exercise(quotient: { 1 / $0.x[$1][$2] })
    #expect(inverse.contains("if 1 stands where the numerator `s` belongs in `s / x`"))
  }

  @Test("A quotient of whole numbers is recognised by its missing fraction")
  func wholeNumbers() {
    let whole = exercise(quotient: { ($0.s[$2] / $0.x[$1][$2]).rounded(.towardZero) })
    #expect(whole.contains("if `s / x` is cut to a whole number, as where one Int divides"))
  }

  @Test("Two slips are found in different parts of an answer")
  func parts() {
    let message = exercise(product: { $0.x[$1][$2] * $0.s[$2] }, quotient: { 1 / $0.x[$1][$2] })
    #expect(message.contains("if the term `x` is missing in `x + s`, and 1 stands where"))
  }
}
