import Testing

@testable import Kernels

/// Parameters, gradient and moments as they are before a step.
private struct State<Scalar: TensorScalar> {
  var parameters, gradient, first, second: [Scalar]

  init(_ count: Int) {
    func normals(_ key: UInt64) -> [Scalar] {
      let buffer = Buffer<Float>(uninitialized: count)
      Threefry(key: key).fillNormal(buffer, from: 0)
      return buffer.array.map { Scalar($0) }
    }
    parameters = normals(1)
    gradient = normals(2)
    first = normals(3)
    second = normals(4).map { $0 * $0 }
  }

  /// The state after a step of the kernel.
  func updated(_ step: AdamStep) -> State {
    var result = self
    let buffers = [parameters, first, second].map { Buffer($0) }
    Scalar.update(
      buffers[0], along: Buffer(gradient), firstMoment: buffers[1], secondMoment: buffers[2], step)
    (result.parameters, result.first, result.second) = (
      buffers[0].array, buffers[1].array, buffers[2].array
    )
    return result
  }
}

private let step = AdamStep(
  learningRate: 0.01, firstDecay: 0.9, secondDecay: 0.999, epsilon: 1e-8,
  firstCorrection: 1 - 0.9 * 0.9 * 0.9, secondCorrection: 1 - 0.999 * 0.999 * 0.999)

@Suite struct AdamTests {
  @Test("One step is that of algorithm 1, line by line")
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

  @Test("A number's step is its own: the same in vectors, in their tails, and on any thread")
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

  @Test func aGradientOfZeroMovesNothing() {
    var state = State<Float>(20)
    state.gradient = [Float](repeating: 0, count: 20)
    state.first = state.gradient
    state.second = state.gradient
    #expect(state.updated(step).parameters == state.parameters)
  }

  @Test func sizesThatDoNotFitStopTheProgram() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (two, three) = (Buffer<Float>([1, 2]), Buffer<Float>([1, 2, 3]))
      Float.update(
        three, along: two, firstMoment: three, secondMoment: three,
        AdamStep(
          learningRate: 1, firstDecay: 0.9, secondDecay: 0.9, epsilon: 1, firstCorrection: 1,
          secondCorrection: 1))
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("a step of Adam on 3 parameters with a gradient of 2"))
  }
}
