extension AdamUpdate {
  /// The mistakes that can be made in a step.
  public static var mistakes: [Mistake<AdamUpdate>] {
    let both = AdamMoment.mistakes.map { moment in
      Mistake<AdamUpdate>(moment.name, moment.message, isCommon: moment.isCommon) {
        $0.first = moment.made(in: $0.first)
        $0.second = moment.made(in: $0.second)
      }
    }
    return both + AdamMoment.mistakes.within(\.first, "in m, ")
      + AdamMoment.mistakes.without("product").within(\.second, "in v, ")
      + AdamMoment.squareMistakes
      + decayMistakes + directionMistakes + parameterMistakes
  }

  private static var decayMistakes: [Mistake<AdamUpdate>] {
    [
      Mistake(
        "decays exchanged", "β₁ and β₂ are exchanged: β₁ belongs to m, and β₂ to v", isCommon: true
      ) {
        $0.decays = { ($1, $0) }
        $0.correctionDecays = { ($1, $0) }
      },
      Mistake("moments exchanged", "m takes β₂, and v takes β₁; it is the other way round") {
        $0.decays = { ($1, $0) }
      },
      Mistake("first decay", "v and its correction take β₁; they need β₂") {
        $0.decays = { β₁, _ in (β₁, β₁) }
        $0.correctionDecays = { β₁, _ in (β₁, β₁) }
      },
      Mistake("second decay", "m and its correction take β₂; they need β₁") {
        $0.decays = { _, β₂ in (β₂, β₂) }
        $0.correctionDecays = { _, β₂ in (β₂, β₂) }
      },
      Mistake("v by first decay", "v takes β₁; it needs β₂") {
        $0.decays = { β₁, _ in (β₁, β₁) }
      },
      Mistake("m by second decay", "m takes β₂; it needs β₁") {
        $0.decays = { _, β₂ in (β₂, β₂) }
      },
      Mistake("corrections exchanged", "the correction of m̂ takes β₂, and that of v̂ takes β₁") {
        $0.correctionDecays = { ($1, $0) }
      },
      Mistake("v̂ by first decay", "the correction of v̂ takes β₁; it needs β₂") {
        $0.correctionDecays = { β₁, _ in (β₁, β₁) }
      },
      Mistake("m̂ by second decay", "the correction of m̂ takes β₂; it needs β₁") {
        $0.correctionDecays = { _, β₂ in (β₂, β₂) }
      },
    ]
  }

  private static func direction(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ direction: @escaping (_ m: Double, _ v: Double, _ ε: Double) -> Double
  ) -> Mistake<AdamUpdate> {
    Mistake(name, message, isCommon: isCommon) {
      $0.direction = { direction($0.m.corrected, $0.v.corrected, $0.input.epsilon) }
    }
  }

  private static var directionMistakes: [Mistake<AdamUpdate>] {
    [
      direction("ε inside", "ε is inside the root; add it to √v̂ instead", isCommon: true) {
        m, v, ε in m / (v + ε).squareRoot()
      },
      direction("no ε", "ε is missing", isCommon: true) { m, v, _ in m / v.squareRoot() },
      direction("minus ε", "ε is subtracted from √v̂; add it") { m, v, ε in
        m / (v.squareRoot() - ε)
      },
      direction("ε outside", "ε is added to m̂ / √v̂, not to √v̂: put √v̂ + ε in brackets") {
        m, v, ε in m / v.squareRoot() + ε
      },
      Mistake(
        "ε before correction", "ε is added to √v before the correction; add it to √v̂ after it"
      ) {
        $0.direction = {
          $0.m.corrected * $0.v.correction.squareRoot()
            / ($0.v.after.squareRoot() + $0.input.epsilon)
        }
      },
      direction("no root", "m̂ is divided by v̂; divide it by the root of v̂", isCommon: true) {
        m, v, ε in m / (v + ε)
      },
      Mistake(
        "root before correction",
        "the root of v is divided by 1 − β₂ᵗ; correct v first, and then take the root"
      ) {
        $0.direction = {
          $0.m.corrected
            / ($0.v.after.squareRoot() / $0.v.correction + $0.input.epsilon)
        }
      },
      direction("square of v̂", "v̂ is squared; take its root") { m, v, ε in m / (v * v + ε) },
      direction("multiplied", "m̂ is multiplied by √v̂ + ε; divide it by that") {
        m, v, ε in m * (v.squareRoot() + ε)
      },
      direction("no division", "the step is α m̂; divide m̂ by √v̂ + ε") { m, _, _ in m },
      Mistake(
        "corrections without root",
        "α is multiplied by (1 − β₂ᵗ)/(1 − β₁ᵗ), without a root: v̂ is under one, so √(1 − β₂ᵗ)"
      ) {
        $0.direction = {
          $0.m.corrected * $0.v.correction / ($0.v.after.squareRoot() + $0.input.epsilon)
        }
      },
      Mistake(
        "corrected twice",
        "m̂ and v̂ are corrected, and α once more by √(1 − β₂ᵗ)/(1 − β₁ᵗ); once is enough"
      ) {
        $0.direction = {
          $0.m.corrected * $0.v.correction.squareRoot() / $0.m.correction
            / ($0.v.corrected.squareRoot() + $0.input.epsilon)
        }
      },
      Mistake(
        "Nesterov", "the step looks ahead, as in NAdam: it takes the gradient besides m̂"
      ) {
        $0.direction = {
          let decay = $0.input.firstDecay
          let ahead = (1 - decay) * $0.input.gradient / $0.m.correction
          return (decay * $0.m.corrected + ahead)
            / ($0.v.corrected.squareRoot() + $0.input.epsilon)
        }
      },
      Mistake("gradient", "the step takes the gradient where m̂ belongs") {
        $0.direction = {
          $0.input.gradient / ($0.v.corrected.squareRoot() + $0.input.epsilon)
        }
      },
      Mistake("plain descent", "the parameter moves by α times the gradient; use m̂ and v̂") {
        $0.direction = { $0.input.gradient }
      },
      Mistake("m before", "the step takes m from before it; compute the new m first") {
        $0.direction = {
          $0.m.before / $0.m.correction / ($0.v.corrected.squareRoot() + $0.input.epsilon)
        }
      },
      Mistake("v before", "the step takes v from before it; compute the new v first") {
        $0.direction = {
          $0.m.corrected
            / (($0.v.before / $0.v.correction).squareRoot() + $0.input.epsilon)
        }
      },
      Mistake(
        "both before", "the step takes m and v from before it; compute the new moments first"
      ) {
        $0.direction = {
          $0.m.before / $0.m.correction
            / (($0.v.before / $0.v.correction).squareRoot() + $0.input.epsilon)
        }
      },
    ]
  }

  private static var parameterMistakes: [Mistake<AdamUpdate>] {
    [
      Mistake(
        "uphill", "the step goes uphill: subtract it, so that the loss falls", isCommon: true
      ) {
        $0.parameter = { $0.parameter + $0.learningRate * $1 }
      },
      Mistake("ε loose", "ε is added to the parameter, for lack of brackets around √v̂ + ε") {
        let direction = AdamUpdate.directionMistakes.first { $0.name == "no ε" }!
        $0.direction = direction.made(in: $0).direction
        $0.parameter = { $0.parameter - $0.learningRate * $1 + $0.epsilon }
      },
      Mistake("ε in the step", "ε is added to the step, for lack of brackets around √v̂ + ε") {
        let direction = AdamUpdate.directionMistakes.first { $0.name == "no ε" }!
        $0.direction = direction.made(in: $0).direction
        $0.parameter = { $0.parameter - ($0.learningRate * $1 + $0.epsilon) }
      },
      Mistake("root of t", "α is divided by √t; the corrections are all that depends on t") {
        $0.parameter = { $0.parameter - $0.learningRate * $1 / Double($0.step).squareRoot() }
      },
      Mistake("α/t", "α is divided by t; the corrections are all that depends on t") {
        $0.parameter = { $0.parameter - $0.learningRate * $1 / Double($0.step) }
      },
      Mistake("moments exchanged at the end", "m is returned as v, and v as m") {
        $0.exchangesMoments = true
      },
      Mistake("square of m", "in v, m is squared; the new term is g²") {
        $0.squareOfMoment = { _, m in m.after * m.after }
      },
      Mistake("square of g − m", "in v, g − m is squared, as in AdaBelief; the new term is g²") {
        $0.squareOfMoment = { gradient, m in (gradient - m.after) * (gradient - m.after) }
      },
      Mistake("square of g − old m", "in v, g − m is squared; the new term is g²") {
        $0.squareOfMoment = { gradient, m in (gradient - m.before) * (gradient - m.before) }
      },
      Mistake("largest v", "the larger of the old and the new v is used, as in AMSGrad; use v̂") {
        $0.direction = {
          $0.m.corrected
            / ((max($0.v.before, $0.v.after) / $0.v.correction).squareRoot() + $0.input.epsilon)
        }
      },
      Mistake("no rate", "the learning rate α is missing") {
        $0.parameter = { $0.parameter - $1 }
      },
      Mistake("no parameter", "that is the step; subtract it from the parameter") {
        $0.parameter = { $0.learningRate * $1 }
      },
      Mistake("minus the step", "that is minus the step; add it to the parameter") {
        $0.parameter = { -$0.learningRate * $1 }
      },
      Mistake("no change", "the parameter is returned as it came") {
        $0.parameter = { input, _ in input.parameter }
      },
    ]
  }
}
