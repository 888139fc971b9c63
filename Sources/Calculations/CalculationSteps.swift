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

  /// What comes out with slips; nil if the shapes do not fit.
  package func result(with slips: [Slip]) -> [Double]? {
    var changed = [Tensor<Double>?](repeating: nil, count: steps.count)
    let first = slips.map(\.place.index).min() ?? 0
    for (index, step) in steps.enumerated().dropFirst(first) {
      guard
        slips.contains(where: { $0.place.index == index })
          || uses[index].contains(where: { changed[$0] != nil })
      else { continue }
      var operands = uses[index].map { changed[$0] ?? steps[$0].value }
      var isChanged = uses[index].contains { changed[$0] != nil }
      var apply = step.apply
      for slip in slips {
        switch (slip.place, slip.change) {
        case (.step(index), .alternative(let other)):
          apply = step.alternatives[other].apply
          isChanged = true
        case (.use(by: index, let operand), let change):
          guard
            let value = adjusted(operands[operand], uses[index][operand], change, changed)
          else { return nil }
          operands[operand] = value
          isChanged = true
        default: break
        }
      }
      guard !isChanged || step.accepts(operands.map(\.shape)) else { return nil }
      var value = isChanged ? apply(operands) : step.value
      for slip in slips where slip.place == .step(index) {
        if case .alternative = slip.change { continue }
        guard let other = adjusted(value, index, slip.change, changed) else { return nil }
        value = other
        isChanged = true
      }
      if isChanged { changed[index] = value }
    }
    return changed[steps.count - 1]?.scalars
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
    case .combined(let operation, let other):
      let other = source(other)
      guard fits(other, value) else { return nil }
      return Slip.Combination.all[operation].apply(value, other)
    }
  }

  /// Whether a value broadcasts to the shape of another.
  private func fits(_ other: Tensor<Double>, _ value: Tensor<Double>) -> Bool {
    other.rank <= value.rank
      && zip(other.shape.reversed(), value.shape.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  }
}

// MARK: - Which slips there are

extension CalculationSteps {
  /// Where a slip can be made: at each step, and at each use of one that is used more than once. The
  /// last steps come first, because what is said of them is easier to follow.
  private var places: [(place: Slip.Place, index: Int)] {
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
          places.flatMap { place, index in
            kinds.map { other in
              slip(place, .adjustment(other), Adjustment.usual[other].clause(steps[index]))
            }
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
    let adjusted = inner.flatMap { place, index in
      Adjustment.indices(for: steps[index]).dropFirst(Adjustment.usual.count).map { other in
        slip(place, .adjustment(other), Adjustment.all[other].clause(steps[index]))
      }
    }
    return usualSlips + alternatives() + calculated.flatMap { replacements($0, $1) }
      + numbers.flatMap { replacements($0, $1, byArguments: true) } + adjusted
      + calculated.flatMap(combinations)
  }

  private func alternatives(limit: Int = .max) -> [Slip] {
    steps.enumerated().flatMap { index, step in
      step.alternatives.prefix(limit).enumerated().map { other, alternative in
        Slip(place: .step(index), change: .alternative(other), clause: alternative.clause)
      }
    }
  }

  /// - Parameter byArguments: Whether only arguments and what can be counted in them may stand in
  ///   the place: a number is no result of steps.
  private func replacements(
    _ place: Slip.Place, _ index: Int, byArguments: Bool = false
  ) -> [Slip] {
    others(of: index, at: place).filter {
      !byArguments || $0 >= steps.count || steps[$0].operands.isEmpty
    }.map { other in
      slip(
        place, .replaced(other),
        "`\(sources[other].text)` stands where `\(steps[index].text)` belongs")
    }
  }

  private func combinations(_ place: Slip.Place, _ index: Int) -> [Slip] {
    others(of: index, at: place).flatMap { other in
      Slip.Combination.all.enumerated().map { operation, combination in
        slip(
          place, .combined(operation, with: other),
          combination.clause(steps[index].text, sources[other].text))
      }
    }
  }

  /// The values that can stand in a place: those that are not made from what is there.
  private func others(of index: Int, at place: Slip.Place) -> [Int] {
    var dependent: Set = [index]
    if case .use(let user, _) = place { dependent = [user] }
    for step in steps.indices where uses[step].contains(where: dependent.contains) {
      dependent.insert(step)
    }
    return sources.indices.filter { other in
      other != index && !dependent.contains(other)
        && !(other < steps.count && steps[other].isNumber)
        && fits(sources[other].value, steps[index].value)
    }
  }

  private func slip(_ place: Slip.Place, _ change: Slip.Change, _ clause: String) -> Slip {
    guard case .use(let user, _) = place else {
      return Slip(place: place, change: change, clause: clause)
    }
    return Slip(place: place, change: change, clause: "in `\(steps[user].text)`, \(clause)")
  }
}
