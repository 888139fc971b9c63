import Autodiff

/// The steps of a calculation, each after those that it uses, and what comes out with a slip.
package struct CalculationSteps {
  let steps: [Calculation]
  /// For each step, which steps it uses.
  let uses: [[Int]]
  /// The values that may stand in place of others: those of the steps, and what can be counted.
  let sources: [(text: String, value: Tensor<Double>)]

  package init(_ result: Calculation) {
    var steps: [Calculation] = []
    var positions: [ObjectIdentifier: Int] = [:]
    func visit(_ step: Calculation) {
      guard positions[ObjectIdentifier(step)] == nil else { return }
      step.operands.forEach(visit)
      positions[ObjectIdentifier(step)] = steps.count
      steps.append(step)
    }
    visit(result)
    self.steps = steps
    uses = steps.map { $0.operands.map { positions[ObjectIdentifier($0)]! } }
    let counts = steps.flatMap(\.counts).filter { $0.value != 1 || $0.text != "1" }
    sources =
      steps.map { ($0.text, $0.value) } + counts.map { ($0.text, Tensor($0.value)) }
  }

  /// What comes out.
  package var result: [Double] { steps[steps.count - 1].value.scalars }

  /// Whether another case has the same steps, with other numbers.
  package func hasSteps(of other: CalculationSteps) -> Bool {
    uses == other.uses && sources.count == other.sources.count
  }

  /// How many numbers it has in all.
  package var size: Int { steps.reduce(0) { $0 + $1.value.count } }

  /// Which numbers of the result a slip at a place can change.
  package func reach(of place: Slip.Place) -> [Bool] {
    let last = steps.count - 1
    let all = [Bool](repeating: true, count: steps[last].value.count)
    guard steps[last].isList, place != .step(last) else { return all }
    func flags(_ isReached: (_ operand: Int) -> Bool) -> [Bool] {
      uses[last].indices.flatMap { operand in
        steps[uses[last][operand]].value.scalars.map { _ in isReached(operand) }
      }
    }
    switch place {
    case .use(by: last, let operand): return flags { $0 == operand }
    case .step(let index), .use(by: let index, _):
      let dependents = dependents(of: index)
      return flags { dependents.contains(uses[last][$0]) }
    }
  }

  /// A step, and all those that are made from it.
  private func dependents(of index: Int) -> Set<Int> {
    var dependents: Set = [index]
    for step in steps.indices where uses[step].contains(where: dependents.contains) {
      dependents.insert(step)
    }
    return dependents
  }

  /// What comes out with slips; nil if the shapes do not fit.
  package func result(with slips: [Slip]) -> [Double]? {
    var changed = [Tensor<Double>?](repeating: nil, count: steps.count)
    // Most steps are before a slip, or beside it.
    for index in (slips.map(\.place.step).min() ?? 0)..<steps.count {
      let step = steps[index]
      guard
        uses[index].contains(where: { changed[$0] != nil })
          || slips.contains(where: { $0.place.step == index })
      else { continue }
      var operands = uses[index].map { changed[$0] ?? steps[$0].value }
      var apply = step.apply
      for slip in slips {
        switch (slip.place, slip.change) {
        case (.step(index), .alternative(let other)):
          guard step.alternatives.indices.contains(other) else { return nil }
          apply = step.alternatives[other].apply
        case (.use(by: index, let operand), let change):
          guard
            let value = adjusted(operands[operand], uses[index][operand], change, changed)
          else { return nil }
          operands[operand] = value
        default: break
        }
      }
      guard step.accepts(operands.map(\.shape)) else { return nil }
      var value = apply(operands)
      for slip in slips where slip.place == .step(index) {
        if case .alternative = slip.change { continue }
        guard let other = adjusted(value, index, slip.change, changed) else { return nil }
        value = other
      }
      // Most limits change nothing, and then nothing that is made of the step changes.
      if value != step.value { changed[index] = value }
    }
    return (changed[steps.count - 1] ?? steps[steps.count - 1].value).scalars
  }

  /// The value with a slip; nil if it would have another shape.
  private func adjusted(
    _ value: Tensor<Double>, _ index: Int, _ change: Slip.Change,
    _ changed: [Tensor<Double>?]
  ) -> Tensor<Double>? {
    func source(_ index: Int) -> Tensor<Double> {
      (index < changed.count ? changed[index] : nil) ?? sources[index].value
    }
    switch change {
    case .alternative: return nil
    case .adjustment(let other): return Adjustment.all[other].apply(value)
    case .replaced(let other):
      let other = source(other)
      return fits(other, value) ? other.broadcast(to: value.shape) : nil
    case .substituted(let expression):
      // Two that both fit one case may have unequal extents in another.
      guard expression.sources.allSatisfy({ fits(source($0), value) }) else { return nil }
      return expression.value(source).broadcast(to: value.shape)
    case .combined(let operation, let other):
      let other = source(other)
      guard fits(other, value) else { return nil }
      return Slip.Combination.all[operation].apply(value, other)
    }
  }

  /// Whether a value broadcasts to the shape of another.
  func fits(_ other: Tensor<Double>, _ value: Tensor<Double>) -> Bool {
    other.rank <= value.rank
      && zip(other.shape.reversed(), value.shape.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  }
}

// MARK: - Which slips there are

extension CalculationSteps {
  /// Where a slip can be made: at each step, and at each use of one that is used more than once. The
  /// last steps come first, because what is said of them is easier to follow.
  var places: [(place: Slip.Place, index: Int)] {
    let counts = Dictionary(uses.joined().map { ($0, 1) }, uniquingKeysWith: +)
    return steps.indices.reversed().map { (.step($0), $0) }
      + steps.indices.reversed().flatMap { user in
        uses[user].enumerated().filter { counts[$1]! > 1 }.map {
          (.use(by: user, operand: $0), $1)
        }
      }
  }

  /// The slips that are made often, and that are also looked for by twos.
  package var usualSlips: [Slip] {
    let inner = places.filter { $0.index < steps.count - 1 }
    let everywhere = inner.filter { $0.place == .step($0.index) }
    let once = inner.filter { $0.place != .step($0.index) }
    return alternatives(limit: 3)
      + [everywhere, once].flatMap { places in
        [Adjustment.multiples, Adjustment.powers].flatMap { kinds in
          places.flatMap { place, _ in
            kinds.map { Slip(place: place, change: .adjustment($0)) }
          }
        }
      }
  }

  /// All slips, the usual ones first.
  package var slips: [Slip] {
    let last = steps.count - 1
    let inner = places.filter { $0.index < last }
    let calculated = inner.filter { !steps[$0.index].isNumber }
    let numbers = inner.filter { steps[$0.index].isNumber }
    // By what is made of a step, and not by steps: x + 1e-8 comes before √x + 1e-4.
    // The whole answer is only limited here: what else happens to all of it is told elsewhere.
    let fitting =
      inner.map { ($0, Set(Adjustment.indices(for: steps[$0.index]))) }
      + [((.step(last), last), Set(Adjustment.limitIndices))]
    let adjusted = Adjustment.all.indices.dropFirst(Adjustment.usual.count).flatMap { other in
      fitting.filter { $1.contains(other) }.map { inner, _ in
        Slip(place: inner.place, change: .adjustment(other))
      }
    }
    return usualSlips + alternatives() + calculated.flatMap { replacements($0, $1) }
      + numbers.flatMap { replacements($0, $1, byArguments: true) } + adjusted
      + calculated.flatMap(combinations)
  }

  private func alternatives(limit: Int = .max) -> [Slip] {
    steps.enumerated().flatMap { index, step in
      step.alternatives.indices.prefix(limit).map {
        Slip(place: .step(index), change: .alternative($0))
      }
    }
  }

  /// - Parameter byArguments: Whether only arguments and what can be counted in them may stand in
  ///   the place: a number is no result of steps.
  private func replacements(
    _ place: Slip.Place, _ index: Int, byArguments: Bool = false
  ) -> [Slip] {
    others(at: place, of: index).filter {
      !byArguments || $0 >= steps.count || steps[$0].operands.isEmpty
    }.map { Slip(place: place, change: .replaced($0)) }
  }

  private func combinations(_ place: Slip.Place, _ index: Int) -> [Slip] {
    others(at: place, of: index).flatMap { other in
      Slip.Combination.all.indices.map {
        Slip(place: place, change: .combined($0, with: other))
      }
    }
  }

  /// The values that can stand at a place: those that are not made from what stands there. Where
  /// one other step uses it, what has a name may be made from it, but not from that step.
  func others(at place: Slip.Place, of index: Int) -> [Int] {
    var dependent = dependents(of: index)
    if case .use(let user, _) = place {
      let later = dependents(of: user)
      dependent = dependent.filter { !steps[$0].isNamed || later.contains($0) || $0 == index }
    }
    return sources.indices.filter { other in
      !dependent.contains(other) && !(other < steps.count && steps[other].isNumber)
        && sources[other].text != steps[index].text
        && fits(sources[other].value, steps[index].value)
    }
  }

  /// What is wrong, as a clause: "the factor `0.5` is missing in `0.5 * x`".
  package func clause(of slip: Slip) -> String {
    switch slip.place {
    case .step(let index): clause(of: slip.change, at: index)
    case .use(by: let user, let operand):
      "in `\(steps[user].text)`, \(clause(of: slip.change, at: uses[user][operand]))"
    }
  }

  private func clause(of change: Slip.Change, at index: Int) -> String {
    let step = steps[index]
    return switch change {
    case .alternative(let other): step.alternatives[other].clause
    case .adjustment(let other): Adjustment.all[other].clause(step)
    case .replaced(let other): "`\(sources[other].text)` stands where `\(step.text)` belongs"
    case .substituted(let expression):
      "`\(expression.written(with: self).text)` stands where `\(step.text)` belongs"
    case .combined(let operation, let other):
      Slip.Combination.all[operation].clause(step.text, sources[other].text)
    }
  }
}
