import Foundation
import Exercises

@testable import Ch05_VAE

extension Ch05Exercises {
  static var reconstruction: [Attempt] {
    let check = Checks.reconstruction
    /// Each image's pixels and then the images, combined in some way.
    func over(
      images combineImages: @escaping ([Double]) -> Double = { mean($0) },
      pixels combinePixels: @escaping ([Double]) -> Double = { sum($0) },
      term: @escaping (Double, Double) -> Double = { logProbability($0, $1) }
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
      .mistake(
        "mean over pixels, sum over images", over(images: sum, pixels: mean),
        says: "divided by the number of pixels"),
      .mistake("sign", over(term: { -logProbability($0, $1) }), says: "as in a loss"),
      .mistake(
        "white pixels only", over(term: { $0 * logProbability(1, $1) }), says: "were left out"),
      .mistake("exchanged", over(term: { logProbability(1 - $0, $1) }), says: "are exchanged"),
      .mistake(
        "logits as probabilities", over(term: { $0 * log($1) + (1 - $0) * log(1 - $1) }),
        says: "used as the probability"),
      .mistake(
        "one sigmoid too many", over(term: { logProbability($0, sigmoid($1)) }),
        says: "applied twice"),
      .mistake(
        "log of a probability",
        over(term: { x, l in x == 1 ? log(sigmoid(l)) : log(1 - sigmoid(l)) }),
        says: "p became 0 or 1"),
      .mistake(
        "exponential of a logit", over(term: { $0 * $1 - log(1 + exp($1)) }),
        says: "e^l became infinite"),
      .mistake(
        "squared error", over(term: { -($0 - sigmoid($1)) * ($0 - sigmoid($1)) }),
        says: "a squared error"),
      .mistake(
        "probability kept from 0 and 1",
        over(term: { x, l in
          let p = min(max(sigmoid(l), 1e-7), 1 - 1e-7)
          return x * log(p) + (1 - x) * log(1 - p)
        }), says: "hides how improbable X is"),
      .mistake(
        "logarithm not below −100",
        over(term: { max(log(sigmoid($1)), -100) * $0 + max(log(1 - sigmoid($1)), -100) * (1 - $0) }
        ),
        says: "was kept away from 0"),
      .mistake(
        "base 2", over(term: { logProbability($0, $1) / log(2) }), says: "in bits"),
      .mistake(
        "arguments exchanged",
        over(term: { x, l in l * log(x + 1e-8) + (1 - l) * log(1 - x + 1e-8) }),
        says: "the logarithm was taken of the pixels"),
      .mistake(
        "minus the log of the number", over(images: { sum($0) - log(Double($0.count)) }),
        says: "the log of the number of images"),
      .mistake(
        "returned inside the loop",
        check { x, logits in
          var total = 0.0
          for i in x.indices {
            for j in x[i].indices { total += logProbability(x[i][j], logits[i][j]) }
            return total / Double(x.count)
          }
          return total
        }, says: "only the first row"),
      .mistake(
        "= in place of +=",
        check { x, logits in
          var total = 0.0
          for i in x.indices {
            total = sum(zip(x[i], logits[i]).map(logProbability))
          }
          return total / Double(x.count)
        }, says: "only the last row"),
      .mistake(
        "last pixel left out",
        check { x, logits in
          mean(
            x.indices.map { i in
              sum((0..<x[i].count - 1).map { logProbability(x[i][$0], logits[i][$0]) })
            })
        }, says: "the last number is left out of `sum over pixels"),
      .mistake(
        "xl has the wrong sign", over(term: { -$0 * $1 - max($1, 0) - log1p(exp(-abs($1))) }),
        says: "xl has the wrong sign"),
      .mistake(
        "product of probabilities",
        over(pixels: { log($0.reduce(1, *)) }, term: { $0 == 1 ? sigmoid($1) : 1 - sigmoid($1) }),
        says: "the product of the probabilities"),
      .mistake(
        "overflow and a sum over the images",
        over(images: sum, term: { $0 * $1 - log(1 + exp($1)) }), says: "the sum over the images"),
      .mistake("nan", check { _, _ in .nan }, says: "got NaN"),
      .mistake("a constant", check { _, _ in -1 }, says: "for every input"),
    ]
  }

  static var vaeLoss: [Attempt] {
    let check = Checks.vaeLoss
    /// a · log P(X|z) and b · divergence with their own sums and signs.
    func variant(
      images: @escaping ([Double]) -> Double = { mean($0) },
      pixels: @escaping ([Double]) -> Double = { sum($0) },
      latents: @escaping ([Double]) -> Double = { sum($0) },
      pixel: @escaping (Double, Double) -> Double = { logProbability($0, $1) },
      latent: @escaping (Double, Double) -> Double = { divergence($0, $1) },
      combined:
        @escaping (_ reconstruction: Double, _ divergence: Double, _ beta: Double) -> Double =
        { $2 * $1 - $0 }
    ) -> Exercise {
      check { x, logits, mean, logVariance, beta in
        images(
          x.indices.map { i in
            let reconstruction = pixels(zip(x[i], logits[i]).map(pixel))
            let divergence = latents(zip(mean[i], logVariance[i]).map(latent))
            return combined(reconstruction, divergence, beta)
          })
      }
    }
    return [
      .solution(variant()),
      .stub(check { _, _, _, _, _ in try todo() }),
      .mistake("mean over pixels", variant(pixels: mean), says: "averaged over the pixels"),
      .mistake(
        "arguments exchanged",
        variant(pixel: { x, l in
          sigmoid(l) * max(log(x), -100) + (1 - sigmoid(l)) * max(log(1 - x), -100)
        }), says: "the logarithm was taken of the pixels"),
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
      .mistake("the likelihood over β", variant(combined: { $1 - $0 / $2 }), says: "divided by β"),
      .mistake("1/β", variant(combined: { $1 / $2 - $0 }), says: "divided by β"),
      .mistake(
        "no divergence", variant(combined: { r, _, _ in -r }), says: "divergence is missing"),
      .mistake("no ½", variant(latent: { 2 * divergence($0, $1) }), says: "the ½ is missing"),
      .mistake(
        "no −1", variant(latent: { divergence($0, $1) + 0.5 }), says: "the −1 is missing"),
      .mistake(
        "one −½ for an image",
        variant(latents: { sum($0.map { $0 + 0.5 }) - 0.5 }), says: "occurs only once"),
      .mistake(
        "sign of the log", variant(latent: { 0.5 * ($0 * $0 + exp($1) - 1 + $1) }),
        says: "the wrong sign"),
      .mistake(
        "precedence of the ½", variant(latent: { 0.5 * $0 * $0 + exp($1) - 1 - $1 }),
        says: "not before the means only"),
      .mistake(
        "log variance as variance", variant(latent: { 0.5 * ($0 * $0 + $1 - 1 - log($1)) }),
        says: "used as the variance"),
      .mistake(
        "standard deviation as variance",
        variant(latent: { 0.5 * ($0 * $0 + exp($1 / 2) - 1 - $1) }), says: "in place of σ²"),
      .mistake(
        "square of the log", variant(latent: { 0.5 * ($0 * $0 + exp($1) - 1 - $1 * $1) }),
        says: "log σ² was squared"),
      .mistake(
        "free bits", variant(latent: { max(divergence($0, $1), 0.25) }), says: "free bits"),
      .mistake(
        "cut off",
        variant(latent: { m, l in
          let d = divergence(m, l)
          return d > 0.5 ? d : 0
        }), says: "free bits"),
      .mistake(
        "exponential of a logit", variant(pixel: { $0 * $1 - log(1 + exp($1)) }),
        says: "e^l became infinite"),
      .mistake(
        "no ½, and the bound",
        variant(latent: { 2 * divergence($0, $1) }, combined: { $0 - $2 * $1 }),
        says: "two mistakes"),
      .mistake(
        "divergence inside the loop over the pixels",
        check { x, logits, mean, logVariance, beta in
          var loss = 0.0
          for i in x.indices {
            for j in x[i].indices {
              loss -= logProbability(x[i][j], logits[i][j])
              for k in mean[i].indices { loss += beta * divergence(mean[i][k], logVariance[i][k]) }
            }
          }
          return loss / Double(x.count)
        }, says: "once for every pixel"),
      .mistake(
        "divided by the pixels of all images",
        check { x, logits, mean, logVariance, beta in
          var reconstruction = 0.0
          var kl = 0.0
          for i in x.indices {
            for j in x[i].indices { reconstruction += logProbability(x[i][j], logits[i][j]) }
            for k in mean[i].indices { kl += divergence(mean[i][k], logVariance[i][k]) }
          }
          return (beta * kl - reconstruction) / Double(x.count * x[0].count)
        }, says: "the whole loss is divided by the number of pixels"),
      .mistake(
        "reconstruction is a sum, divergence a mean over images",
        check { x, logits, mean, logVariance, beta in
          var reconstruction = 0.0
          var kl = 0.0
          for i in x.indices {
            for j in x[i].indices { reconstruction += logProbability(x[i][j], logits[i][j]) }
            for k in mean[i].indices { kl += divergence(mean[i][k], logVariance[i][k]) }
          }
          return beta * kl / Double(x.count) - reconstruction
        }, says: "in log P(X|z), that is the sum over the images"),
      .mistake(
        "first image only",
        check { x, logits, mean, logVariance, beta in
          for i in x.indices {
            let likelihood = sum(zip(x[i], logits[i]).map(logProbability))
            return beta * sum(zip(mean[i], logVariance[i]).map(divergence)) - likelihood
          }
          return 0
        }, says: "only the first number counts in `mean over images"),
      .mistake("infinity", check { _, _, _, _, _ in .infinity }, says: "got ∞"),
    ]
  }
}
