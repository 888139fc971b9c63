import Calculations

extension CosineTask {
  /// With α = kμ, β = kσ and their doubles.
  var calculation: Calculation {
    let k = Calculation.argument("k", k)
    let mean = Calculation.argument("mean", mean)
    let sigma = Calculation.argument("standardDeviation", sigma)
    let damping = exp(-(0.5 * square((k * sigma).named("β"))))
    let derivative = (-k * damping * sin(k * mean)).named("derivative")
    let doubleBeta = (2 * (k * sigma)).named("2kσ")
    let damped = exp(-(0.5 * square(doubleBeta)))
    let double = (damped * cos(2 * (k * mean))).named("E[cos 2kz]")
    let weighted = ((1 - square(doubleBeta)) * double).named("E[ε² cos 2kz]")
    let pathwise = square(k) * (0.5 * (1 - double))
    let score = 0.5 * (1 + weighted) / square(sigma)
    let squared = square(derivative)
    return .list([derivative, pathwise - squared, score - squared])
  }

  /// With powers and factors written out.
  var calculationWrittenOut: Calculation {
    let k = Calculation.argument("k", k)
    let mean = Calculation.argument("mean", mean)
    let variance = square(.argument("standardDeviation", sigma)).named("σ²")
    let squaredK = square(k).named("k²")
    let damping = exp(-0.5 * squaredK * variance)
    let derivative = (-k * damping * sin(k * mean)).named("derivative")
    let double = (exp(-2 * squaredK * variance) * cos(2 * k * mean)).named("E[cos 2kz]")
    let factor = 1 - 4 * squaredK * variance
    let pathwise = squaredK / 2 * (1 - double)
    let score = (1 + factor * double) / (2 * variance)
    let squared = square(derivative)
    return .list([derivative, pathwise - squared, score - squared])
  }
}
