import Autodiff
import Exercises
import Probability

extension FitFormula {
  /// What can go wrong in gradient ascent of the bound.
  static var mistakes: [Mistake<Self>] {
    ofTheSigns + ofTheSteps + ofTheLikelihood + ofTheDeviation + ofTheDivergence + ofTheEnd
  }

  private static var ofTheSigns: [Mistake<Self>] {
    [
      .init(
        "descent", "that descends: add rate times the derivatives, do not subtract them",
        isCommon: true
      ) { $0.factors = $0.factors.map { -$0 } },
      .init("plus", "D is added to the bound; ℒ is E[log P(X|z)] less D", isCommon: true) {
        $0.factors[1] *= -1
      },
      .init("no D", "the derivatives of D are missing: −μ, and ½ − ½ σ²", isCommon: true) {
        $0.factors[1] = 0
      },
      .init("D alone", "E[log P(X|z)] is missing; only D changes μ and log σ²") {
        $0.factors[0] = 0
      },
      .init(
        "residual",
        "the sign of g = 2 cos 2z (X − sin 2z)/s², the derivative of log P(X|z), is flipped"
      ) {
        $0.factors[0] *= -1
      },
    ]
  }

  private static var ofTheSteps: [Mistake<Self>] {
    [
      .init(
        "new μ",
        "μ is changed before the derivative for log σ² is computed; compute both at the old values",
        isCommon: true
      ) { $0.usesNewMean = true },
      .init(
        "new log σ²",
        "log σ² is changed before the derivative for μ is computed; compute both at the old values"
      ) { $0.usesNewVariance = true },
      .init("stuck", "the derivatives are computed once; compute them anew in each step") {
        $0.isStuck = true
      },
      .init(
        "gathered", "the derivatives of all steps so far are added up; begin with 0 in each step"
      ) { $0.gathers = true },
      .init("one step", "there is only one step; does the loop return too early?") {
        $0.steps = { _ in 1 }
      },
      .init("one too few", "there is one step too few") { $0.steps = { $0 - 1 } },
      .init("one too many", "there is one step too many; 0..<steps has as many as `steps`") {
        $0.steps = { $0 + 1 }
      },
      .init(
        "no step",
        "that is the start, or almost: are the steps missing, or is a difference quotient written "
          + "/ 2 * h, without brackets?"
      ) { $0.steps = { _ in 0 } },
      .init("no rate", "the derivatives have to be multiplied by `rate`") {
        $0.rate = { _, _ in 1 }
      },
      .init("falling rate", "the rate falls from step to step; it is the same in all") {
        $0.rate = { $0 / Double($1 + 1) }
      },
      .init("from N(0, 1)", "the ascent begins at N(0, 1); it has to begin at `start`") {
        $0.start = { _ in .standard }
      },
      .init("fixed σ", "σ is computed once, at the start; it changes with log σ² in each step") {
        $0.deviation = { .exp(0.5 * $0.startLogVariance) }
      },
    ]
  }

  private static var ofTheLikelihood: [Mistake<Self>] {
    [
      .init("no 1/s²", "the factor 1/s² is missing in the derivative of log P(X|z)", isCommon: true)
      { $0.noiseVariance = { _ in 1 } },
      .init("log s²", "log s² was used as s²") { $0.noiseVariance = { $0 } },
      .init("s", "s stands where s² should: exp(log s²) is s², without a ½") {
        $0.noiseVariance = { .exp(0.5 * $0) }
      },
      .init("s⁴", "exp(log s²) was squared, as if it were s; it is s²") {
        $0.noiseVariance = { .exp(2 * $0) }
      },
      .init("times s²", "multiplied by s²; divide by it") { $0.noiseVariance = { .exp(-$0) } },
      .init(
        "2s²", "a factor 2 is missing in g = 2 cos 2z (X − sin 2z)/s², the derivative of log P(X|z)"
      ) {
        $0.noiseVariance = { 2 * .exp($0) }
      },
      .init(
        "½s²", "g has a factor 2 too many: the derivative of log P(X|z) is 2 cos 2z (X − sin 2z)/s²"
      ) {
        $0.noiseVariance = { 0.5 * .exp($0) }
      },
      .init(
        "no slope", "the derivative of sin 2z, 2 cos 2z, is missing (the chain rule)",
        isCommon: true
      ) { $0.slope = { _ in 1 } },
      .init("cos z", "the derivative of sin 2z is 2 cos 2z, with 2z in the cosine") {
        $0.slope = { .cos($0) }
      },
      .init("2 cos z", "the derivative of sin 2z is 2 cos 2z, with 2z in the cosine") {
        $0.slope = { 2 * .cos($0) }
      },
      .init("sin z", "f(z) is sin 2z, not sin z") {
        ($0.f, $0.slope) = ({ .sin($0) }, { .cos($0) })
      },
      .init("sin z, 2 cos 2z", "f(z) is sin 2z, not sin z") { $0.f = { .sin($0) } },
      .init("2 sin z", "f(z) is sin 2z, not 2 sin z") {
        ($0.f, $0.slope) = ({ 2 * .sin($0) }, { 2 * .cos($0) })
      },
      .init("f(z) = z", "f(z) is sin 2z, not z") { ($0.f, $0.slope) = ({ $0 }, { _ in 1 }) },
      .init("no weights", "the sum over the nodes has no weights") { $0.weight = { _, _ in 1 } },
      .init("plain mean", "the mean over the nodes is a plain one; use the weights") {
        $0.weight = { _, count in 1 / Double(count) }
      },
      .init("mean of weighted", "the weighted sum was divided by the number of nodes as well") {
        $0.weight = { $0 / Double($1) }
      },
    ]
  }

  private static var ofTheDeviation: [Mistake<Self>] {
    let inner = "for log σ², the derivative with respect to z has to be multiplied by ½ σε"
    return [
      .init("σ²", "z was computed with σ² in place of σ: σ is exp(½ log σ²)", isCommon: true) {
        $0.deviation = { .exp($0.logVariance) }
      },
      .init("√σ", "z is μ + √σ ε, with a root too many; σ is exp(½ log σ²)") {
        $0.deviation = { .exp(0.25 * $0.logVariance) }
      },
      .init("√σ, throughout", "z is μ + √σ ε, with a root too many; σ is exp(½ log σ²)") {
        ($0.deviation, $0.inner) = ({ .exp(0.25 * $0.logVariance) }, { 0.25 * $0 * $1 })
      },
      // By difference quotients: the derivative fits the wrong z.
      .init("σ², throughout", "z is μ + σ²ε, with σ² in place of σ; σ is exp(½ log σ²)") {
        ($0.deviation, $0.inner) = ({ .exp($0.logVariance) }, { $0 * $1 })
      },
      .init("log σ²", "z was computed with log σ² in place of σ: σ is exp(½ log σ²)") {
        $0.deviation = { $0.logVariance }
      },
      .init("log σ², throughout", "z is μ + ε log σ²; it has to be μ + σε, with σ = exp(½ log σ²)")
      { ($0.deviation, $0.inner) = ({ $0.logVariance }, { _, e in e }) },
      .init("½ log σ²", "z is μ + ε log σ; it has to be μ + σε, with σ = exp(½ log σ²)") {
        ($0.deviation, $0.inner) = ({ 0.5 * $0.logVariance }, { _, e in 0.5 * e })
      },
      .init("at μ", "z is μ in all terms; it has to be μ + σε") { $0.z = { mean, _, _ in mean } },
      .init("at μ, all", "the bound was taken at z = μ; z has to be μ + σε") {
        $0.z = { mean, _, _ in mean }
        $0.inner = { _, _ in 0 }
      },
      .init("first μ", "z was computed from the μ of the start; μ changes in each step") {
        $0.usesFirstMean = true
      },
      .init("nodes", "z is the node itself; it has to be μ + σε") { $0.z = { _, _, node in node } },
      .init("nodes plus μ", "z is μ + ε; it has to be μ + σε") {
        $0.z = { mean, _, e in mean + e }
      },
      .init("nodes plus μ, throughout", "z is μ + ε; it has to be μ + σε") {
        ($0.z, $0.inner) = ({ mean, _, e in mean + e }, { _, _ in 0 })
      },
      .init("minus", "z is μ − σε; it has to be μ + σε") {
        ($0.z, $0.inner) = ({ $0 - $1 * $2 }, { -0.5 * $0 * $1 })
      },
      .init(
        "σ does not move",
        "z depends on log σ² through σ, and this derivative of E[log P(X|z)] is missing"
      ) { $0.inner = { _, _ in 0 } },
      .init("by log σ", "\(inner); the ½ is missing") { $0.inner = { $0 * $1 } },
      .init("by σ", "\(inner); only ε is there, as for σ") { $0.inner = { $1 } },
      .init("½ ε", "\(inner); the σ is missing") { $0.inner = { _, e in 0.5 * e } },
      .init("no inner", "\(inner), which is missing") { $0.inner = { _, _ in 1 } },
      .init("½ σ", "\(inner); the ε is missing") { $0.inner = { sigma, _ in 0.5 * sigma } },
      .init("½ σ² ε", "\(inner), not by ½ σ²ε") { $0.inner = { 0.5 * $0 * $0 * $1 } },
      .init("by σ²", "the derivative is the one with respect to σ²; for log σ², multiply it by σ²")
      { $0.secondFactor = { 1 / $0 } },
      .init("by σ, both", "the derivative is the one with respect to σ; multiply it by ½ σ") {
        $0.secondFactor = { 2 / $0.squareRoot() }
      },
      .init("by log σ, both", "the derivative is the one with respect to log σ; a ½ is missing") {
        $0.secondFactor = { _ in 2 }
      },
    ]
  }

  private static var ofTheDivergence: [Mistake<Self>] {
    func slopes(
      _ name: String, _ message: String, _ slopes: @escaping (Double, Double) -> [Double]
    ) -> Mistake<Self> { Mistake(name, message) { $0.divergenceSlopes = slopes } }
    return [
      slopes("no mean", "−μ, the derivative of −D with respect to μ, is missing") {
        [0, 0.5 * $1 - 0.5]
      },
      slopes("no variance", "½ − ½ σ², the derivative of −D with respect to log σ², is missing") {
        mean, _ in [mean, 0]
      },
      slopes("plus μ", "−μ, the derivative of −D with respect to μ, has the wrong sign") {
        [-$0, 0.5 * $1 - 0.5]
      },
      slopes("plus variance", "½ − ½ σ², the derivative of −D by log σ², has the wrong sign") {
        [$0, 0.5 - 0.5 * $1]
      },
      slopes("no half", "the ½ of D is missing for log σ²: its derivative is ½ σ² − ½") {
        [$0, $1 - 1]
      },
      slopes("no half at all", "the ½ of D is missing: it is ½ (μ² + σ² − 1 − log σ²)") {
        [2 * $0, $1 - 1]
      },
      slopes("twice μ", "the derivative of ½ μ² is μ, not 2μ") { [2 * $0, 0.5 * $1 - 0.5] },
      slopes("half μ", "the derivative of ½ μ² is μ, not ½ μ") { [0.5 * $0, 0.5 * $1 - 0.5] },
      slopes("no log", "−½ log σ² of D is missing: it keeps σ from falling to 0") {
        [$0, 0.5 * $1]
      },
      slopes("log's sign", "log σ² is subtracted in D: its derivative is −½, not ½") {
        [$0, 0.5 * $1 + 0.5]
      },
      slopes("by σ²", "in D, the derivative is by σ²; multiply it by σ² for log σ²") {
        [$0, 0.5 - 0.5 / $1]
      },
      slopes("by σ", "in D, the derivative is by σ; multiply it by ½ σ for log σ²") {
        [$0, $1.squareRoot() - 1 / $1.squareRoot()]
      },
      slopes("σ", "in D, σ stands in place of σ²") { [$0, 0.5 * $1.squareRoot() - 0.5] },
      slopes("squared μ", "that is μ² where the derivative of ½ μ² should be, μ") {
        [$0 * $0, 0.5 * $1 - 0.5]
      },
      .init("log σ² for σ²", "in D, log σ² was used as σ²; σ² is exp(log σ²)") {
        $0.variance = { $0 }
      },
    ]
  }

  private static var ofTheEnd: [Mistake<Self>] {
    [
      .init("variance", "that is σ² at the end; return log σ²") { $0.finish = { ($0, .exp($1)) } },
      .init("deviation", "that is σ at the end; return log σ²") {
        $0.finish = { ($0, .exp(0.5 * $1)) }
      },
      .init("log σ", "that is log σ at the end; return log σ²") { $0.finish = { ($0, 0.5 * $1) } },
      .init("exchanged", "μ and log σ² are exchanged at the end") { $0.finish = { ($1, $0) } },
    ]
  }
}
