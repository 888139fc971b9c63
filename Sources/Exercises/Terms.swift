import Notebook

/// A term of the right answer, which is the sum of all its terms; or a term that students add and
/// that does not belong there.
struct Term {
  let name: String
  let belongs: Bool
  let value: () -> Answer
}

/// The factors with which a student has added the terms up.
struct TermFactors {
  private static let usual: [Double] = [0, 1, 2, 0.5, 4, 0.25, 3]

  let names: [String]
  let belong: [Bool]
  let factors: [Double]

  /// The factors that explain all answers, if there are any that are simple; nil otherwise, or if
  /// too few numbers were asked to tell.
  ///
  /// - Parameters:
  ///   - answers: The answers of the right shape, all of them finite.
  ///   - terms: For each answer, the terms.
  ///   - name: Only the numbers with this name count, if there is one.
  init?(_ answers: [ComparedAnswer], terms: [[Term]], only name: String? = nil) {
    guard let first = terms.first else { return nil }
    var columns = [[Double]](repeating: [], count: first.count)
    var target: [Double] = []
    var allowances: [Double] = []
    for (compared, terms) in zip(answers, terms) {
      let values = terms.map { $0.value().values }
      guard values.allSatisfy({ $0.count == compared.answer.values.count }) else { return nil }
      let scale = 1 / max(compared.allowance, .leastNormalMagnitude)
      for index in compared.answer.values.indices
      where name == nil || compared.name(ofIndex: index) == name {
        for term in values.indices { columns[term].append(values[term][index] * scale) }
        target.append(compared.answer.values[index] * scale)
        allowances.append(values.reduce(1) { max($0, abs($1[index] * scale) * 1e-9) })
      }
    }
    guard columns.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    // A term that is 0 everywhere, as in one part of the answer, is not to be found.
    let present = columns.indices.filter { columns[$0].contains { $0 != 0 } }
    guard target.count >= present.count + 2,
      let solution = leastSquares(present.map { columns[$0] }, target)
    else { return nil }
    let factors = solution.map { value in
      Self.usual.flatMap { [$0, -$0] }.first { abs($0 - value) < 1e-4 } ?? .nan
    }
    let isExplained = target.indices.allSatisfy { row in
      let sum = zip(present, factors).reduce(0) { $0 + $1.1 * columns[$1.0][row] }
      return abs(target[row] - sum) <= 16 * allowances[row]
    }
    guard isExplained else { return nil }
    names = present.map { first[$0].name }
    belong = present.map { first[$0].belongs }
    self.factors = factors
  }

  /// What is wrong with the factors; nil if nothing is, or if all are wrong in the same way, or so
  /// many that naming them would not help.
  var finding: String? {
    let wrong = factors.indices.filter { factors[$0] != (belong[$0] ? 1 : 0) }
    let own = factors.indices.filter { belong[$0] }
    let isMultiple = own.count > 1 && Set(own.map { factors[$0] }).count == 1 && wrong == own
    guard !wrong.isEmpty, wrong.count <= 3, !isMultiple else { return nil }
    return wrong.map { words(names[$0], belongs: belong[$0], factor: factors[$0]) }
      .joined(separator: "; ")
  }

  private func words(_ name: String, belongs: Bool, factor: Double) -> String {
    guard belongs else {
      return factor == 1
        ? "\(name) does not belong there"
        : "\(name) does not belong there, and you have it \(formatted(factor)) times"
    }
    return switch factor {
    case 0: "\(name) is missing"
    case -1: "\(name) has the wrong sign"
    case 2: "\(name) counts twice"
    case 0.5: "\(name) counts only half"
    default: "\(name) counts \(formatted(factor)) times"
    }
  }
}

/// The factors with which columns of numbers add up most nearly to a target, by orthogonalising one
/// column after another; nil if a column depends on those before it.
func leastSquares(_ columns: [[Double]], _ target: [Double]) -> [Double]? {
  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  var basis: [[Double]] = []
  /// For each column its parts along the basis.
  var parts: [[Double]] = []
  var rest = target
  var along: [Double] = []
  for column in columns {
    var residual = column
    var own: [Double] = []
    for direction in basis {
      let part = dot(residual, direction)
      own.append(part)
      residual = zip(residual, direction).map { $0 - part * $1 }
    }
    let length = dot(residual, residual).squareRoot()
    guard length > 1e-5 * dot(column, column).squareRoot() else { return nil }
    let direction = residual.map { $0 / length }
    parts.append(own + [length])
    basis.append(direction)
    let part = dot(rest, direction)
    along.append(part)
    rest = zip(rest, direction).map { $0 - part * $1 }
  }
  var factors = along
  for index in columns.indices.reversed() {
    for later in columns.indices.dropFirst(index + 1) {
      factors[index] -= parts[later][index] * factors[later]
    }
    factors[index] /= parts[index][index]
  }
  return factors
}
