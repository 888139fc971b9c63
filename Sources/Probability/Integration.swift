import Kernels

/// A numerical integral.
public struct Integral: Equatable, Sendable {
  /// The integral.
  public var value: Double
  /// An estimate, usually cautious, of the absolute error.
  public var errorEstimate: Double
}

/// The integral of a function over a range, either end of which may be infinite.
///
/// The range is halved where the estimated error is largest, until the total error is below
/// `tolerance` · ∫|f|, or 1000 pieces are reached: check `errorEstimate` where `function` is rough.
/// A peak that is narrower than a hundredth of the range may be missed, as with any method that
/// samples: integrate on either side of it. `function` is never evaluated at the ends.
///
/// Source: the 15-point Gauss–Kronrod rule and the error estimate of QUADPACK (Piessens et al.,
/// 1983, routine QAG). Infinite ranges are mapped to finite ones by x = t/(1 − t²) or t/(1 − t).
public func integrate(
  _ function: (Double) -> Double, from start: Double, to end: Double, tolerance: Double = 1e-12
) -> Integral {
  if start > end {
    let reversed = integrate(function, from: end, to: start, tolerance: tolerance)
    return Integral(value: -reversed.value, errorEstimate: reversed.errorEstimate)
  }
  switch (start.isInfinite, end.isInfinite) {
  case (false, false):
    return integrate(finite: function, start, end, tolerance)
  case (true, true):
    return integrate(
      finite: { t in
        let rest = (1 - t) * (1 + t)
        return function(t / rest) * (1 + t * t) / (rest * rest)
      }, -1, 1, tolerance)
  case (false, true):
    return integrate(
      finite: { t in function(start + t / (1 - t)) / ((1 - t) * (1 - t)) }, 0, 1, tolerance)
  case (true, false):
    return integrate(
      finite: { t in function(end - t / (1 - t)) / ((1 - t) * (1 - t)) }, 0, 1, tolerance)
  }
}

private func integrate(
  finite function: (Double) -> Double, _ start: Double, _ end: Double, _ tolerance: Double
) -> Integral {
  let cuts = (0...16).map { start + (end - start) * Double($0) / 16 }
  var pieces = zip(cuts, cuts.dropFirst()).map { Piece(function, $0, $1) }
  while true {
    let error = pieces.reduce(0) { $0 + $1.error }
    let magnitude = pieces.reduce(0) { $0 + $1.magnitude }
    let worst = pieces.indices.max { pieces[$0].error < pieces[$1].error }!
    let (from, to) = (pieces[worst].start, pieces[worst].end)
    let middle = from + (to - from) / 2
    guard error > tolerance * magnitude, pieces.count < 1000, from < middle, middle < to else {
      return Integral(value: pieces.reduce(0) { $0 + $1.value }, errorEstimate: error)
    }
    pieces[worst] = Piece(function, from, middle)
    pieces.append(Piece(function, middle, to))
  }
}

/// A piece of the range with its integral.
private struct Piece {
  let start, end, value, error: Double
  /// ∫|f|.
  let magnitude: Double

  init(_ function: (Double) -> Double, _ start: Double, _ end: Double) {
    (self.start, self.end) = (start, end)
    let halfLength = (end - start) / 2
    let center = start + halfLength
    let values = kronrod.map { function(center + halfLength * $0.node) }
    let mean = zip(kronrod, values).reduce(0) { $0 + $1.0.weight * $1.1 } / 2
    let gauss = zip(kronrod, values).reduce(0) { $0 + $1.0.gaussWeight * $1.1 } / 2
    let deviation = zip(kronrod, values).reduce(0) { $0 + $1.0.weight * abs($1.1 - mean) }
    let size = zip(kronrod, values).reduce(0) { $0 + $1.0.weight * abs($1.1) }
    value = 2 * halfLength * mean
    magnitude = halfLength * size

    // The difference of the two rules is the error of the worse one; QUADPACK found that the error
    // of the better one is about its 3/2 power, relative to the spread of the values.
    let difference = 2 * abs(mean - gauss)
    let ratio = deviation > 0 ? 200 * difference / deviation : 0
    let estimate = deviation * min(1, ratio * ratio.squareRoot())
    error = halfLength * max(estimate, 50 * .ulpOfOne * size)
  }
}

/// The 15-point Kronrod rule on [−1, 1] and the weights of the 7-point Gauss rule within it.
let kronrod: [(node: Double, weight: Double, gaussWeight: Double)] = {
  let half = [
    (
      0.991_455_371_120_812_639_206_854_697_526_329, 0.022_935_322_010_529_224_963_732_008_058_970,
      0
    ),
    (
      0.949_107_912_342_758_524_526_189_684_047_851, 0.063_092_092_629_978_553_290_700_663_189_204,
      0.129_484_966_168_869_693_270_611_432_679_082
    ),
    (
      0.864_864_423_359_769_072_789_712_788_640_926, 0.104_790_010_322_250_183_839_876_322_541_518,
      0
    ),
    (
      0.741_531_185_599_394_439_863_864_773_280_788, 0.140_653_259_715_525_918_745_189_590_510_238,
      0.279_705_391_489_276_667_901_467_771_423_780
    ),
    (
      0.586_087_235_467_691_130_294_144_691_258_447, 0.169_004_726_639_267_902_826_583_426_598_550,
      0
    ),
    (
      0.405_845_151_377_397_166_906_606_412_076_961, 0.190_350_578_064_785_409_913_256_402_421_014,
      0.381_830_050_505_118_944_950_369_775_488_975
    ),
    (
      0.207_784_955_007_898_467_600_689_403_773_245, 0.204_432_940_075_298_892_414_161_999_234_649,
      0
    ),
  ]
  let center = (
    0.0, 0.209_482_141_084_727_828_012_999_174_891_714,
    0.417_959_183_673_469_387_755_102_040_816_327
  )
  return half.map { (-$0.0, $0.1, $0.2) } + [center] + half.reversed()
}()
