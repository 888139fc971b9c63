import Autodiff
import Exercises
import Kernels
import NeuralNetworks

/// The way from the images to the logits, with the places where people go wrong.
struct ForwardPass {
  typealias Layer = (SmallAutoencoder, Tensor<Double>) -> Tensor<Double>

  var encoderActivation: (Tensor<Double>) -> Tensor<Double> = { tanh($0) }
  var decoderActivation: (Tensor<Double>) -> Tensor<Double> = { tanh($0) }
  var mean: Layer = { $0.mean($1) }
  var logVariance: Layer = { $0.logVariance($1) }
  var sample = LogVarianceSample()
  /// What is made of z.
  var z: (_ z: [Double], _ noise: [Double]) -> [Double] = { z, _ in z }
  /// What the divergence takes as μ.
  var divergenceMeans: (_ mean: [[Double]], _ z: [[Double]]) -> [[Double]] = { mean, _ in mean }
  /// What is made of the decoder’s output.
  var output: (Tensor<Double>) -> Tensor<Double> = { $0 }

  func callAsFunction(_ task: ModelInput) -> LossTask {
    let model = task.model
    let features = encoderActivation(model.hidden(task.x))
    let means = rows(mean(model, features))
    let logVariances = rows(logVariance(model, features))
    let noise = rows(task.noise)
    let samples = means.indices.map {
      z(sample(mean: means[$0], logVariance: logVariances[$0], noise: noise[$0]), noise[$0])
    }
    let logits = output(model.output(decoderActivation(model.decoderHidden(matrix(samples)))))
    return LossTask(
      x: rows(task.x), logits: rows(logits), mean: divergenceMeans(means, samples),
      logVariance: logVariances,
      beta: task.beta)
  }

  static var mistakes: [Mistake<ForwardPass>] {
    activations + layers + [
      Mistake("noise", "z is the noise itself, as when sampling from the prior; z = μ + σε") {
        $0.z = { _, noise in noise }
      },
      Mistake(
        "divided",
        "in z, the noise was divided by σ, or σ has a wrong sign in its exponential: z is μ + σε "
          + "with σ = exp(½ log σ²)"
      ) { $0.sample.standardDeviation.value = { .exp(-$0 / 2) } },
      Mistake("z in the divergence", "in the divergence, z stands in place of μ") {
        $0.divergenceMeans = { _, z in z }
      },
      Mistake("tanh of z", "tanh is taken of z, which goes into the decoder as it is") {
        $0.z = { z, _ in z.map(Double.tanh) }
      },
    ]
      // Limits of log σ² cannot be seen here, because tanh hides what is large.
      + LogVarianceSample.mistakes.without("reciprocal", "divided").filter {
        $0.name.allSatisfy { !$0.isNumber }
      }
      .within(\.sample, "in z, ")
  }

  private static var activations: [Mistake<ForwardPass>] {
    [
      Mistake("no tanh", "the hidden units of both networks lack their tanh", isCommon: true) {
        $0.encoderActivation = { $0 }
        $0.decoderActivation = { $0 }
      },
      Mistake("encoder without tanh", "the encoder’s hidden units lack their tanh: h = tanh(…)") {
        $0.encoderActivation = { $0 }
      },
      Mistake("decoder without tanh", "the decoder’s hidden units lack their tanh: h′ = tanh(…)") {
        $0.decoderActivation = { $0 }
      },
      Mistake("rectifiers", "the hidden units are rectifiers, as in 5.1; here they use tanh") {
        $0.encoderActivation = { relu($0) }
        $0.decoderActivation = { relu($0) }
      },
      Mistake("sigmoids", "the hidden units use the logistic function; here they use tanh") {
        $0.encoderActivation = { sigmoid($0) }
        $0.decoderActivation = { sigmoid($0) }
      },
      Mistake("softplus", "the hidden units use softplus; here they use tanh") {
        $0.encoderActivation = { softplus($0) }
        $0.decoderActivation = { softplus($0) }
      },
      Mistake("tanh twice", "tanh is taken twice of the hidden units") {
        $0.encoderActivation = { tanh(tanh($0)) }
        $0.decoderActivation = { tanh(tanh($0)) }
      },
      Mistake("tanh of the logits", "tanh is taken of the logits, which have no activation") {
        $0.output = { tanh($0) }
      },
      Mistake("rectified logits", "the logits go through a rectifier; they have no activation") {
        $0.output = { relu($0) }
      },
    ]
  }

  private static var layers: [Mistake<ForwardPass>] {
    [
      Mistake("mean twice", "log σ² is computed by the layer `mean`; it has one of its own") {
        $0.logVariance = { $0.mean($1) }
      },
      Mistake("variance twice", "μ is computed by the layer `logVariance`; it has one of its own") {
        $0.mean = { $0.logVariance($1) }
      },
      Mistake("exchanged", "the layers `mean` and `logVariance` are exchanged") {
        $0.mean = { $0.logVariance($1) }
        $0.logVariance = { $0.mean($1) }
      },
      Mistake("tanh of the mean", "tanh is taken of μ, which has no activation") {
        $0.mean = { tanh($0.mean($1)) }
      },
      Mistake("tanh of the log variance", "tanh is taken of log σ², which has no activation") {
        $0.logVariance = { tanh($0.logVariance($1)) }
      },
      Mistake("tanh of both", "tanh is taken of μ and log σ², which have no activation") {
        $0.mean = { tanh($0.mean($1)) }
        $0.logVariance = { tanh($0.logVariance($1)) }
      },
      Mistake("rectified mean", "μ goes through a rectifier; it has no activation") {
        $0.mean = { relu($0.mean($1)) }
      },
      Mistake(
        "rectified log variance",
        "log σ² goes through a rectifier; it may be negative, because it is a logarithm"
      ) { $0.logVariance = { relu($0.logVariance($1)) } },
      Mistake("rectified both", "μ and log σ² go through a rectifier; they have no activation") {
        $0.mean = { relu($0.mean($1)) }
        $0.logVariance = { relu($0.logVariance($1)) }
      },
      Mistake("log of the variance", "the log is taken of log σ², which is a logarithm already") {
        $0.logVariance = { log($0.logVariance($1)) }
      },
      Mistake(
        "positive", "a softplus is taken of log σ², which may be negative: it is a logarithm"
      ) { $0.logVariance = { softplus($0.logVariance($1)) } },
    ]
  }
}
