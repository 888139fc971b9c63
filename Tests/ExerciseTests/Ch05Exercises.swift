import Autodiff
import Exercises
import Foundation
import NeuralNetworks
import Testing

@testable import Ch05_VAE

@Suite struct Ch05Exercises {
  @Test("Every attempt at an exercise gets the right verdict and message")
  func verdicts() { expectVerdicts(attempts) }

  @Test("Every exercise has hints, a solution, a stub, and two mistakes with messages of their own")
  func completeness() throws { try expectCompleteness(of: Checks.all, attempts) }

  private var attempts: [Attempt] {
    reconstruction + loss + adamStep + latentActivity + importanceWeightedBound
      + differentiableLoss
  }

  // MARK: - Reconstruction

  private var reconstruction: [Attempt] {
    let check = Checks.reconstruction
    func over(
      images combineImages: @escaping ([Double]) -> Double = mean,
      pixels combinePixels: @escaping ([Double]) -> Double = sum,
      term: @escaping (Double, Double) -> Double = logProbability
    ) -> Exercise {
      check { x, logits in
        combineImages(zip(x, logits).map { combinePixels(zip($0, $1).map(term)) })
      }
    }
    return [
      .solution(over()),
      .stub(check { _, _ in try todo() }),
      .mistake("mean over pixels", over(pixels: mean), says: "the mean over the pixels"),
      .mistake("sum over images", over(images: sum), says: "the sum over the images"),
      .mistake("sign", over(term: { -logProbability($0, $1) }), says: "as in a loss"),
      .mistake(
        "white pixels only", over(term: { $0 * logProbability(1, $1) }), says: "were left out"),
      .mistake("exchanged", over(term: { logProbability(1 - $0, $1) }), says: "are exchanged"),
      .mistake(
        "logits as probabilities", over(term: { $0 * log($1) + (1 - $0) * log(1 - $1) }),
        says: "taken for probabilities"),
      .mistake(
        "one sigmoid too many", over(term: { logProbability($0, sigmoid($1)) }),
        says: "one sigmoid too many"),
      .mistake(
        "log of a probability",
        over(term: { x, l in x == 1 ? log(sigmoid(l)) : log(1 - sigmoid(l)) }),
        says: "p became 0 or 1"),
      .mistake(
        "exponential of a logit", over(term: { $0 * $1 - log(1 + exp($1)) }),
        says: "e^l became infinite"),
      .mistake("nan", check { _, _ in .nan }, says: "got NaN"),
      .mistake("a constant", check { _, _ in -1 }, says: "for every input"),
    ]
  }

  // MARK: - Loss

  private var loss: [Attempt] {
    let check = Checks.loss
    /// a · log P(X|z) and b · divergence with their own sums and signs.
    func variant(
      images: @escaping ([Double]) -> Double = mean, pixels: @escaping ([Double]) -> Double = sum,
      latents: @escaping ([Double]) -> Double = sum,
      term: @escaping (Double, Double) -> Double = divergence,
      combined:
        @escaping (_ reconstruction: Double, _ divergence: Double, _ beta: Double) -> Double =
        { $2 * $1 - $0 }
    ) -> Exercise {
      check { x, logits, mean, logVariance, beta in
        images(
          x.indices.map { i in
            let reconstruction = pixels(zip(x[i], logits[i]).map(logProbability))
            let divergence = latents(zip(mean[i], logVariance[i]).map(term))
            return combined(reconstruction, divergence, beta)
          })
      }
    }
    return [
      .solution(variant()),
      .stub(check { _, _, _, _, _ in try todo() }),
      .mistake("mean over pixels", variant(pixels: mean), says: "averaged over the pixels"),
      .mistake("mean over latents", variant(latents: mean), says: "averaged over the latent"),
      .mistake(
        "mean over both", variant(pixels: mean, latents: mean), says: "both terms are means"),
      .mistake("sum over images", variant(images: sum), says: "the sum over the images"),
      .mistake(
        "sign of the divergence", variant(combined: { -$2 * $1 - $0 }),
        says: "the divergence is subtracted"),
      .mistake(
        "sign of the reconstruction", variant(combined: { $2 * $1 + $0 }),
        says: "log P(X|z) is added"),
      .mistake("the bound", variant(combined: { $0 - $2 * $1 }), says: "that is the bound"),
      .mistake(
        "β on the reconstruction", variant(combined: { $1 - $2 * $0 }),
        says: "β weights log P(X|z)"),
      .mistake("β on both", variant(combined: { $2 * ($1 - $0) }), says: "β weights both"),
      .mistake("no β", variant(combined: { r, d, _ in d - r }), says: "β is not used"),
      .mistake("no ½", variant(term: { 2 * divergence($0, $1) }), says: "lacks its ½"),
      .mistake(
        "no −1", variant(term: { divergence($0, $1) + 0.5 }), says: "−1 of every latent variable"),
      .mistake(
        "log variance as variance", variant(term: { 0.5 * ($0 * $0 + $1 - 1 - log($1)) }),
        says: "taken for the variance"),
      .mistake(
        "standard deviation as variance", variant(term: { 0.5 * ($0 * $0 + exp($1 / 2) - 1 - $1) }),
        says: "is the standard deviation"),
      .mistake("infinity", check { _, _, _, _, _ in .infinity }, says: "got ∞"),
    ]
  }

  // MARK: - Adam

  private var adamStep: [Attempt] {
    let check = Checks.adamStep
    func variant(
      keep: @escaping (Double) -> Double = { $0 },
      square: @escaping (Double) -> Double = { $0 * $0 },
      firstCorrection: @escaping (_ decay: Double, _ step: Double) -> Double = correction,
      secondCorrection: @escaping (_ decay: Double, _ step: Double) -> Double = correction,
      returnsCorrected: Bool = false,
      quotient: @escaping (_ first: Double, _ second: Double, _ epsilon: Double) -> Double = {
        $0 / (sqrt($1) + $2)
      }
    ) -> Exercise {
      check { state, gradient, step, rates in
        var state = state
        let (b1, b2) = (keep(rates.firstDecay), keep(rates.secondDecay))
        for i in gradient.indices {
          let g = gradient[i]
          let first = b1 * state.firstMoments[i] + (1 - b1) * g
          let second = b2 * state.secondMoments[i] + (1 - b2) * square(g)
          let m = first / firstCorrection(rates.firstDecay, Double(step))
          let v = second / secondCorrection(rates.secondDecay, Double(step))
          state.parameters[i] -= rates.learningRate * quotient(m, v, rates.epsilon)
          state.firstMoments[i] = returnsCorrected ? m : first
          state.secondMoments[i] = returnsCorrected ? v : second
        }
        return state
      }
    }
    func none(_: Double, _: Double) -> Double { 1 }
    return [
      .solution(variant()),
      .stub(check { _, _, _, _ in try todo() }),
      .mistake(
        "no correction", variant(firstCorrection: none, secondCorrection: none),
        says: "the correction is missing"),
      .mistake("second not corrected", variant(secondCorrection: none), says: "v̂ lacks"),
      .mistake("first not corrected", variant(firstCorrection: none), says: "m̂ lacks"),
      .mistake(
        "power t − 1",
        variant(
          firstCorrection: { correction($0, $1 - 1) }, secondCorrection: { correction($0, $1 - 1) }),
        says: "the power t − 1"),
      .mistake(
        "power t + 1",
        variant(
          firstCorrection: { correction($0, $1 + 1) }, secondCorrection: { correction($0, $1 + 1) }),
        says: "the power t + 1"),
      .mistake(
        "power 1",
        variant(
          firstCorrection: { b, _ in 1 - b }, secondCorrection: { b, _ in 1 - b }),
        says: "1 − β in every step"),
      .mistake(
        "ε in the root", variant(quotient: { $0 / sqrt($1 + $2) }), says: "ε is inside the root"),
      .mistake("no ε", variant(quotient: { m, v, _ in m / sqrt(v) }), says: "ε is missing"),
      .mistake("no root", variant(quotient: { $0 / ($1 + $2) }), says: "by the root of v̂"),
      .mistake("uphill", variant(quotient: { -$0 / (sqrt($1) + $2) }), says: "the step goes up"),
      .mistake("no square", variant(square: { $0 }), says: "is not squared"),
      .mistake("decays exchanged", variant(keep: { 1 - $0 }), says: "the share of the old moment"),
      .mistake(
        "corrected moments returned", variant(returnsCorrected: true),
        says: "the corrected moments are returned"),
      .mistake(
        "moments of another count",
        check { state, _, _, _ in
          AdamState(parameters: state.parameters, firstMoments: [], secondMoments: [])
        }, says: "in rows of unequal length"),
    ]
  }

  // MARK: - Active units

  private var latentActivity: [Attempt] {
    let check = Checks.latentActivity
    func variance(_ column: [Double]) -> Double {
      let center = mean(column)
      return mean(column.map { ($0 - center) * ($0 - center) })
    }
    func variant(
      isActive: @escaping (Double) -> Bool = { $0 > 0.01 },
      columns: @escaping ([[Double]]) -> [[Double]] = transposed,
      of variance: @escaping ([Double]) -> Double
    ) -> Exercise {
      check { means in
        let variances = columns(means).map(variance)
        return LatentActivity(variances: variances, activeCount: variances.filter(isActive).count)
      }
    }
    return [
      .solution(variant(of: variance)),
      .stub(check { _ in try todo() }),
      .mistake(
        "standard deviations", variant { sqrt(variance($0)) }, says: "those are standard deviations"
      ),
      .mistake(
        "count by standard deviations", variant(isActive: { sqrt($0) > 0.01 }, of: variance),
        says: "the standard deviations were compared"),
      .mistake(
        "n − 1", variant { variance($0) * Double($0.count) / Double($0.count - 1) },
        says: "divided by n − 1"),
      .mistake("summed", variant { variance($0) * Double($0.count) }, says: "were summed"),
      .mistake("not centred", variant { mean($0.map { $0 * $0 }) }, says: "means of squares"),
      .mistake(
        "over the latent variables", variant(columns: { $0 }, of: variance),
        says: "over the latent variables of an image"),
      .mistake(
        "count of the others", variant(isActive: { $0 <= 0.01 }, of: variance),
        says: "that are not active"),
      .mistake(
        "nothing", check { _ in LatentActivity(variances: [], activeCount: 0) },
        says: "expected 3 numbers, got 1 number"),
    ]
  }

  // MARK: - L_K

  private var importanceWeightedBound: [Attempt] {
    let check = Checks.importanceWeightedBound
    func logSum(_ logs: [Double]) -> Double {
      let largest = logs.max()!
      return largest + log(sum(logs.map { exp($0 - largest) }))
    }
    func logMean(_ logs: [Double]) -> Double { logSum(logs) - log(Double(logs.count)) }
    return [
      .solution(check { mean($0.map(logMean)) }),
      .stub(check { _ in try todo() }),
      .mistake("mean of logs", check { mean($0.map(mean)) }, says: "the bound L₁"),
      .mistake("no log K", check { mean($0.map(logSum)) }, says: "subtract log K"),
      .mistake(
        "K outside", check { mean($0.map { logSum($0) / Double($0.count) }) },
        says: "after its log was taken"),
      .mistake(
        "mean of all weights", check { logMean($0.flatMap { $0 }) },
        says: "the mean of all weights"),
      .mistake(
        "wrong axis", check { mean(transposed($0).map(logMean)) }, says: "the other way round"),
      .mistake("sum over images", check { sum($0.map(logMean)) }, says: "sum over the images"),
      .mistake(
        "largest lost", check { mean($0.map { logMean($0) - $0.max()! }) },
        says: "not added back at the end"),
      .mistake(
        "underflow", check { mean($0.map { log(mean($0.map { exp($0) })) }) },
        says: "the weights became 0"),
    ]
  }

  // MARK: - The whole model

  private var differentiableLoss: [Attempt] {
    let check = Checks.differentiableLoss
    func variant(
      activation: @escaping (Tensor<Double>) -> Tensor<Double> = { tanh($0) },
      sample:
        @escaping (_ mean: Tensor<Double>, _ logVariance: Tensor<Double>, Tensor<Double>) ->
        Tensor<Double> = { $0 + exp(0.5 * $1) * $2 },
      pixels: @escaping (Tensor<Double>) -> Tensor<Double> = { $0.sum(axis: 1) },
      latents: @escaping (Tensor<Double>) -> Tensor<Double> = { $0.sum(axis: 1) },
      images: @escaping (Tensor<Double>) -> Tensor<Double> = { $0.mean() },
      combined:
        @escaping (
          _ reconstruction: Tensor<Double>, _ divergence: Tensor<Double>, _ beta: Tensor<Double>
        ) -> Tensor<Double> = { $2 * $1 - $0 }
    ) -> Exercise {
      check { model, x, noise, beta in
        let h = activation(model.hidden(x))
        let (mean, logVariance) = (model.mean(h), model.logVariance(h))
        let z = sample(mean, logVariance, noise)
        let logits = model.output(activation(model.decoderHidden(z)))
        let reconstruction = pixels(x * logits - softplus(logits))
        let divergence = 0.5 * latents(mean.squared + exp(logVariance) - 1 - logVariance)
        return images(combined(reconstruction, divergence, Tensor(beta)))
      }
    }
    return [
      .solution(variant()),
      .stub(check { _, _, _, _ in try todo() }),
      .mistake(
        "mean over pixels", variant(pixels: { $0.mean(axis: 1) }), says: "averaged over the pixels"),
      .mistake(
        "mean over latents", variant(latents: { $0.mean(axis: 1) }),
        says: "averaged over the latent variables"),
      .mistake("sum over images", variant(images: { $0.sum() }), says: "sum over the images"),
      .mistake(
        "sign of the divergence", variant(combined: { -$2 * $1 - $0 }),
        says: "the divergence is subtracted"),
      .mistake("the bound", variant(combined: { $0 - $2 * $1 }), says: "that is the bound"),
      .mistake(
        "β on the reconstruction", variant(combined: { $1 - $2 * $0 }),
        says: "β weights log P(X|z)"),
      .mistake("no β", variant(combined: { r, d, _ in d - r }), says: "β is not used"),
      .mistake("no ½", variant(latents: { 2 * $0.sum(axis: 1) }), says: "lacks its ½"),
      .mistake(
        "(ε + μ)σ", variant(sample: { ($2 + $0) * exp(0.5 * $1) }), says: "(ε + μ)σ"),
      .mistake(
        "variance for σ", variant(sample: { $0 + exp($1) * $2 }), says: "scaled by the variance"),
      .mistake(
        "log variance for σ", variant(sample: { $0 + $1 * $2 }), says: "scaled by the log variance"),
      .mistake("no noise", variant(sample: { m, _, _ in m }), says: "z is the mean of Q"),
      .mistake("noise alone", variant(sample: { _, _, e in e }), says: "z is the noise itself"),
      .mistake("no tanh", variant(activation: { $0 }), says: "lack their tanh"),
      .mistake("rectified", variant(activation: { relu($0) }), says: "are rectifiers"),
      .mistake(
        "z is no function of the weights",
        variant(sample: { ($0 + exp(0.5 * $1) * $2).detached }), says: "checkGradient compared"),
      .mistake(
        "the loss is a plain number", variant(images: { $0.mean().detached }),
        says: "checkGradient compared"),
      .mistake(
        "one loss an image", variant(images: { $0 }), says: "expected one number, got 1 number"),
      .mistake("nan", check { _, _, _, _ in Tensor(.nan) }, says: "got NaN"),
    ]
  }
}

private func sum(_ numbers: [Double]) -> Double { numbers.reduce(0, +) }

private func mean(_ numbers: [Double]) -> Double { sum(numbers) / Double(numbers.count) }

private func transposed(_ rows: [[Double]]) -> [[Double]] {
  rows[0].indices.map { column in rows.map { $0[column] } }
}

private func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

/// log P of a pixel.
private func logProbability(_ x: Double, _ logit: Double) -> Double {
  x * logit - max(logit, 0) - log1p(exp(-abs(logit)))
}

/// What a latent variable adds to D[Q ‖ N(0, I)].
private func divergence(_ mean: Double, _ logVariance: Double) -> Double {
  0.5 * (mean * mean + exp(logVariance) - 1 - logVariance)
}

private func correction(_ decay: Double, _ step: Double) -> Double { 1 - pow(decay, step) }
