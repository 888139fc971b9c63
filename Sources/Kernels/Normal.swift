// The operations of a variational autoencoder on the normal distribution of its latent variables,
// each in one pass. Composed from single operations, they took half the time of a small model's
// step.

/// `result` = μ + σε with σ = exp(½ log σ²), element by element.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func sampleNormal<Scalar: TensorScalar>(
  mean: Buffer<Scalar>, logVariance: Buffer<Scalar>, noise: Buffer<Scalar>,
  into result: borrowing MutableBuffer<Scalar>
) {
  let count = result.count
  check(
    mean.count == count && logVariance.count == count && noise.count == count,
    "a sample of \(count) from buffers of \(mean.count), \(logVariance.count) and \(noise.count)")
  defer { withExtendedLifetime((mean, logVariance, noise)) {} }
  let (m, l, e, target) = unsafe (mean.base, logVariance.base, noise.base, result.base)
  parallel(count, grain: 4096) { range in
    unsafe formDeviations(l, into: target, range)
    for i in range { unsafe target[i] = unsafe m[i] + target[i] * e[i] }
  }
}

/// `result` = ½gεσ: the derivative of `sampleNormal` with respect to log σ², times `g`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func sampleNormalGradient<Scalar: TensorScalar>(
  _ g: Buffer<Scalar>, logVariance: Buffer<Scalar>, noise: Buffer<Scalar>,
  into result: borrowing MutableBuffer<Scalar>
) {
  let count = result.count
  check(
    g.count == count && logVariance.count == count && noise.count == count,
    "the gradient of \(count) from buffers of \(g.count), \(logVariance.count) and \(noise.count)")
  defer { withExtendedLifetime((g, logVariance, noise)) {} }
  let (slope, l, e, target) = unsafe (g.base, logVariance.base, noise.base, result.base)
  parallel(count, grain: 4096) { range in
    unsafe formDeviations(l, into: target, range)
    for i in range { unsafe target[i] = unsafe slope[i] * e[i] * target[i] * 0.5 }
  }
}

/// `result[i]` = D[N(μᵢ, σᵢ²) ‖ N(0, I)] = ½ Σⱼ μᵢⱼ² + σᵢⱼ² − 1 − log σᵢⱼ², for rows of `columns`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func normalDivergence<Scalar: TensorScalar>(
  mean: Buffer<Scalar>, logVariance: Buffer<Scalar>, columns: Int,
  into result: borrowing MutableBuffer<Scalar>
) {
  let rows = result.count
  check(
    mean.count == rows * columns && logVariance.count == rows * columns,
    "\(rows) divergences of \(columns) from buffers of \(mean.count) and \(logVariance.count)")
  defer { withExtendedLifetime((mean, logVariance)) {} }
  let (m, l, target) = unsafe (mean.base, logVariance.base, result.base)
  parallel(rows, grain: max(1, 4096 / max(columns, 1))) { range in
    unsafe withScratch(Scalar.self, range.count * columns) { terms in
      let first = range.lowerBound * columns
      unsafe Scalar.map(.exp, l + first, into: terms, count: range.count * columns)
      for i in 0..<range.count * columns {
        let mu = unsafe m[first + i]
        unsafe terms[i] = unsafe mu * mu + (terms[i] - 1 - l[first + i])
      }
      for i in range {
        let row = unsafe terms + (i - range.lowerBound) * columns
        unsafe target[i] = unsafe 0.5 * Scalar(sumInOrder(row, columns))
      }
    }
  }
}

/// `result` = ½gᵢ(σᵢⱼ² − 1): the derivative of `normalDivergence` with respect to log σ², times
/// `g`, which has one number for each row.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
public func normalDivergenceGradient<Scalar: TensorScalar>(
  _ g: Buffer<Scalar>, logVariance: Buffer<Scalar>, columns: Int,
  into result: borrowing MutableBuffer<Scalar>
) {
  let rows = g.count
  check(
    logVariance.count == rows * columns && result.count == rows * columns,
    "\(rows) gradients of \(columns) from a buffer of \(logVariance.count) into \(result.count)")
  defer { withExtendedLifetime((g, logVariance)) {} }
  let (slope, l, target) = unsafe (g.base, logVariance.base, result.base)
  parallel(rows, grain: max(1, 4096 / max(columns, 1))) { range in
    let (first, count) = (range.lowerBound * columns, range.count * columns)
    unsafe Scalar.map(.exp, l + first, into: target + first, count: count)
    for i in range {
      let half = unsafe 0.5 * slope[i]
      for j in i * columns..<(i + 1) * columns { unsafe target[j] = unsafe half * target[j] - half }
    }
  }
}

/// `result` = exp(½`x`) in a range.
@inline(__always)
private func formDeviations<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, into result: UnsafeMutablePointer<Scalar>, _ range: Range<Int>
) {
  for i in range { unsafe result[i] = unsafe 0.5 * x[i] }
  let start = unsafe result + range.lowerBound
  unsafe Scalar.map(.exp, start, into: start, count: range.count)
}
