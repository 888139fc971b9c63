/// A step of Adam for one parameter (Kingma and Ba, 2015, algorithm 1), with the places where
/// people go wrong.
public struct AdamUpdate {
  /// A parameter with its moments and gradient, and the settings.
  public struct Input {
    let parameter: Double
    let firstMoment: Double
    let secondMoment: Double
    let gradient: Double
    /// t.
    let step: Int
    /// α.
    let learningRate: Double
    /// β₁.
    let firstDecay: Double
    /// β₂.
    let secondDecay: Double
    /// ε.
    let epsilon: Double

    /// What a step takes: t, α, β₁, β₂ and ε are those of the paper.
    public init(
      parameter: Double, firstMoment: Double, secondMoment: Double, gradient: Double, step t: Int,
      _ α: Double, _ β₁: Double, _ β₂: Double, _ ε: Double
    ) {
      self.parameter = parameter
      self.firstMoment = firstMoment
      self.secondMoment = secondMoment
      self.gradient = gradient
      step = t
      learningRate = α
      firstDecay = β₁
      secondDecay = β₂
      epsilon = ε
    }
  }

  /// A parameter and its moments after the step.
  public struct Result {
    /// The parameter.
    public let parameter: Double
    /// m.
    public let firstMoment: Double
    /// v.
    public let secondMoment: Double
  }

  /// What the parameter's change may be computed from.
  public struct Change {
    let input: Input
    let m: AdamMoment.Values
    let v: AdamMoment.Values
  }

  /// m.
  public var first = AdamMoment { gradient, _ in gradient }
  /// v.
  public var second = AdamMoment { gradient, _ in gradient * gradient }
  /// What v averages, if it depends on m.
  public var squareOfMoment: ((_ gradient: Double, _ m: AdamMoment.Values) -> Double)?
  /// Whether m is returned as v, and v as m.
  public var exchangesMoments = false
  /// Which decay each moment takes.
  public var decays: (_ β₁: Double, _ β₂: Double) -> (Double, Double) = { ($0, $1) }
  /// Which decay each correction takes.
  public var correctionDecays: (_ β₁: Double, _ β₂: Double) -> (Double, Double) = { ($0, $1) }
  /// The direction of the step, m̂ / (√v̂ + ε).
  public var direction: (Change) -> Double = {
    $0.m.corrected / ($0.v.corrected.squareRoot() + $0.input.epsilon)
  }
  /// The new parameter.
  public var parameter: (_ input: Input, _ direction: Double) -> Double = {
    $0.parameter - $0.learningRate * $1
  }

  /// The right formula.
  public init() {}

  /// The step.
  public func callAsFunction(_ input: Input) -> Result {
    let shares = decays(input.firstDecay, input.secondDecay)
    let corrections = correctionDecays(input.firstDecay, input.secondDecay)
    let m = first.values(
      before: input.firstMoment, input, decay: shares.0, correctionDecay: corrections.0)
    var second = second
    if let squareOfMoment { second.term = { gradient, _ in squareOfMoment(gradient, m) } }
    let v = second.values(
      before: input.secondMoment, input, decay: shares.1, correctionDecay: corrections.1)
    let moments = (first: first.returned(m), second: second.returned(v))
    return Result(
      parameter: parameter(input, direction(Change(input: input, m: m, v: v))),
      firstMoment: exchangesMoments ? moments.second : moments.first,
      secondMoment: exchangesMoments ? moments.first : moments.second)
  }
}

/// One of Adam's two running means.
public struct AdamMoment {
  /// A moment before the step, after it, and corrected.
  public struct Values {
    let before: Double
    let after: Double
    let corrected: Double
    let correction: Double
  }

  /// What is averaged: g or g².
  var term: (_ gradient: Double, _ newShare: Double) -> Double
  /// The weight of the old moment.
  var oldShare: (_ decay: Double, _ step: Int) -> Double = { decay, _ in decay }
  /// The weight of the new term.
  var newShare: (_ decay: Double, _ step: Int) -> Double = { decay, _ in 1 - decay }
  /// What the moment is divided by.
  var correction: (_ decay: Double, _ step: Int) -> Double = { 1 - wholePower($0, $1) }
  var corrected: (_ after: Double, _ correction: Double) -> Double = { $0 / $1 }
  /// Which of the values the state keeps.
  var returned: (Values) -> Double = { $0.after }

  init(term: @escaping (_ gradient: Double, _ newShare: Double) -> Double) { self.term = term }

  fileprivate func values(
    before: Double, _ input: AdamUpdate.Input, decay: Double, correctionDecay: Double
  ) -> Values {
    let share = newShare(decay, input.step)
    let after = oldShare(decay, input.step) * before + share * term(input.gradient, share)
    let correction = correction(correctionDecay, input.step)
    return Values(
      before: before, after: after, corrected: corrected(after, correction), correction: correction)
  }
}

/// β to the power t, which is a whole number.
func wholePower(_ decay: Double, _ step: Int) -> Double {
  step < 0
    ? 1 / wholePower(decay, -step) : (0..<step).reduce(1.0) { product, _ in product * decay }
}
