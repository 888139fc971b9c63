import Testing

@testable import Kernels

/// Parameters, gradient and moments as they are before a step.
private struct State<Scalar: TensorScalar> {
  var parameters, gradient, first, second: [Scalar]

  init(_ count: Int) {
    parameters = normals(count, key: 1)
    gradient = normals(count, key: 2)
    first = normals(count, key: 3)
    second = normals(count, key: 4).map { $0 * $0 }
  }

  /// The state after a step of the kernel.
  func updated(_ step: AdamStep) -> State {
    var result = self
    var (p, m, v) = (Buffer(parameters), Buffer(first), Buffer(second))
    Buffer.mutate(&p) { p in
      Buffer.mutate(&m) { m in
        Buffer.mutate(&v) { v in
          updateByAdam(p, along: Buffer(gradient), firstMoment: m, secondMoment: v, step)
        }
      }
    }
    (result.parameters, result.first, result.second) = (p.array, m.array, v.array)
    return result
  }
}

private let step = AdamStep(
  learningRate: 0.01, firstDecay: 0.9, secondDecay: 0.999, epsilon: 1e-8,
  firstCorrection: 1 - 0.9 * 0.9 * 0.9, secondCorrection: 1 - 0.999 * 0.999 * 0.999)

@Suite struct AdamTests {
  @Test("A step follows algorithm 1 of Kingma and Ba, line by line")
  func followsThePaper() {
    let (before, after) = (State<Double>(100), State<Double>(100).updated(step))
    for i in 0..<100 {
      let g = before.gradient[i]
      let m = 0.9 * before.first[i] + (1 - 0.9) * g
      let v = 0.999 * before.second[i] + (1 - 0.999) * g * g
      let mHat = m / step.firstCorrection
      let vHat = v / step.secondCorrection
      let parameter = before.parameters[i] - 0.01 * mHat / (vHat.squareRoot() + 1e-8)
      // A handful of roundings on either side, of numbers up to 4 in m and v.
      #expect(abs(after.first[i] - m) <= 8 * 4.0.ulp)
      #expect(abs(after.second[i] - v) <= 8 * 16.0.ulp)
      // The step is ten more operations, none of which cancels, and below 4 for these numbers.
      #expect(abs(after.parameters[i] - parameter) <= 16 * 4.0.ulp)
    }
    #expect(after.gradient == before.gradient)
  }

  @Test("The step of a parameter does not depend on its place in the array or on the threads")
  func placesDoNotMatter() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let whole = State<Scalar>(100).updated(step)
      for count in 0...70 {
        for offset in [0, 1, 5, 29] {
          var part = State<Scalar>(100)
          part.parameters = Array(part.parameters[offset..<offset + count])
          part.gradient = Array(part.gradient[offset..<offset + count])
          part.first = Array(part.first[offset..<offset + count])
          part.second = Array(part.second[offset..<offset + count])
          part = part.updated(step)
          #expect(part.parameters == Array(whole.parameters[offset..<offset + count]))
          #expect(part.first == Array(whole.first[offset..<offset + count]))
          #expect(part.second == Array(whole.second[offset..<offset + count]))
        }
      }
      let results = [1, 2, 3, 5].map { threads in
        Threads.$count.withValue(threads) { State<Scalar>(20_003).updated(step) }
      }
      for result in results {
        #expect(result.parameters == results[0].parameters)
        #expect(result.first == results[0].first && result.second == results[0].second)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("If gradient and moments are zero, the parameters stay as they are")
  func zeroGradient() {
    var state = State<Float>(20)
    state.gradient = [Float](repeating: 0, count: 20)
    state.first = state.gradient
    state.second = state.gradient
    #expect(state.updated(step).parameters == state.parameters)
  }

  @Test("Moments that fade become zero before they become subnormal, which would be slow")
  func fadingMoments() {
    var state = State<Float>(4)
    state.gradient = [0, 0, 0, 0]
    state.first = [0x1p-119, -0x1p-119, 0x1p-120, -0x1p-121]
    state.second = [0x1p-119, 0x1p-120, 0x1p-121, 0x1p-140]
    let after = state.updated(step)
    // A first moment keeps 0.9 of itself, a second one 0.999.
    #expect(after.first.map { $0 == 0 } == [false, false, true, true])
    #expect(after.second.map { $0 == 0 } == [false, true, true, true])
    #expect(after.parameters == state.parameters)
  }

  @Test("Arrays of different sizes stop the program")
  func sizesThatDoNotFit() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var state = State<Float>(3)
      state.gradient = [1, 2]
      _ = state.updated(step)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a step of Adam on 3 parameters with a gradient of 2"))
  }
}
