import Autodiff
import Calculations
import Exercises

extension Checks {
  static func jacobian(_ answer: @escaping ([Double], Double) throws -> [[Double]]) -> Exercise {
    var comparison = Comparison<PointTask, [[Double]]>(of: { try answer($0.z, $0.width) }) {
      rows(Stretch(at: $0.z, width: $0.width).jacobian)
    }
    // Differences of g are recognised in spite of their rounding. They only are wrong near (0, 0).
    func ask(_ description: String, _ z: [Double], _ width: Double) {
      comparison.ask(
        "z = \(description) and w = \(text(width))", PointTask(z: z, width: width),
        tolerance: Tolerance(relative: 1e-7))
    }
    ask("(0, −2)", [0, -2], 0.5)
    ask("(3, 4)", [3, 4], 0.1)
    ask("(0.03, −0.04)", [0.03, -0.04], 0.2)
    ask("(−3, 4)/10⁷", [-3e-7, 4e-7], 0.6)
    for (seed, width) in [(14, 0.3), (22, 1.4)] as [(UInt64, Double)] {
      let z = roundedNormals(1, 2, seed: seed)[0]
      ask(text(z), z, width)
    }
    comparison.argument("z", \.z)
    comparison.argument("width", \.width)
    comparison.recognize(
      "z · z, one number, stands where zzᵀ belongs, a table of the products zᵢzⱼ"
    ) { task in
      [[task.width, 0], [0, task.width]]
    }
    comparison.recognize(RingJacobian.mistakes, in: RingJacobian()) { $1($0) }
    comparison.recognizeOtherMatrices()
    comparison.recognize(RingJacobian.others, in: RingJacobian()) { $1($0) }
    comparison.terms(["w I", "I/‖z‖", "−zzᵀ/‖z‖³"]) { task in
      let length = length(task.z)
      return [
        task.matrix(task.width, 0), task.matrix(1 / length, 0),
        task.matrix(0, -1 / (length * length * length)),
      ]
    }
    comparison.recognizeSlips()
    return Exercise(
      "jacobian", "The Jacobian of g at a point", minutes: 15,
      hints: [
        "∂‖z‖/∂zⱼ is zⱼ/‖z‖. Which of the four derivatives of w zᵢ are not 0?",
        "By the quotient rule, ∂(zᵢ/‖z‖)/∂zⱼ is (1 if i = j, else 0)/‖z‖ − zᵢ zⱼ/‖z‖³.",
      ], comparison)
  }
}

extension Comparison<PointTask, [[Double]]> {
  fileprivate mutating func recognizeSlips() {
    calculation { task in
      let (z, width) = task.arguments
      let length = sqrt(square(z[0]) + square(z[1])).named("the length")
      let cube = (length * length * length).named("the length to the power of 3")
      let across = -(z[0] * z[1]) / cube
      let diagonal = (width + 1 / length).named("w + 1/‖z‖")
      return .list([
        diagonal - z[0] * z[0] / cube, across, across, diagonal - z[1] * z[1] / cube,
      ])
    }
    calculation { task in
      let (z, width) = task.arguments
      let length = sqrt(square(z[0]) + square(z[1])).named("the length")
      let cube = length * length * length
      let across = -(z[0] * z[1]) / (length * length * length)
      return .list([
        width + z[1] * z[1] / cube, across, across, width + z[0] * z[0] / cube,
      ])
    }
    calculation { task in
      let column = Calculation.argument("z[i]", Tensor(task.z, shape: [2, 1]))
      let row = Calculation.argument("z[j]", Tensor(task.z, shape: [1, 2]))
      let identity = Calculation.argument("I", Tensor([1, 0, 0, 1], shape: [2, 2]))
      let length = sqrt(sum(square(Calculation.argument("z", task.z)))).named("the length")
      let quotient = identity / length - column * row / (length * length * length)
      return .argument("width", task.width) * identity + quotient
    }
  }
}

/// What is given in the exercise on the Jacobian.
struct PointTask {
  var z: [Double]
  var width: Double

  /// The two arguments as the beginning of a calculation.
  var arguments: (z: [Calculation], width: Calculation) {
    (z.indices.map { .argument("z[\($0)]", z[$0]) }, .argument("width", width))
  }

  /// a I + b zzᵀ.
  func matrix(_ identity: Double, _ outer: Double) -> [[Double]] {
    (0..<2).map { i in (0..<2).map { j in (i == j ? identity : 0) + outer * z[i] * z[j] } }
  }

  /// The Jacobian, estimated from values of g.
  func differences(_ step: Double, isCentral: Bool) -> [[Double]] {
    func image(_ z: [Double]) -> [Double] {
      let length = length(z)
      return z.map { width * $0 + $0 / length }
    }
    let columns = (0..<2).map { j in
      var (ahead, behind) = (z, z)
      ahead[j] += step
      if isCentral { behind[j] -= step }
      return zip(image(ahead), image(behind)).map { ($0 - $1) / (isCentral ? 2 * step : step) }
    }
    return transposed(columns)
  }
}

extension Comparison<PointTask, [[Double]]> {
  fileprivate mutating func recognizeOtherMatrices() {
    recognize("everything was multiplied by w; only the first term of g has it") { task in
      let length = length(task.z)
      return task.matrix(
        task.width * (1 + 1 / length), -task.width / (length * length * length))
    }
    recognize("everything was divided by ‖z‖, the w of the first term as well") { task in
      let length = length(task.z)
      return task.matrix((task.width + 1) / length, -1 / (length * length * length))
    }
    recognize(
      "w multiplies the derivative of z/‖z‖, and not that of z; it belongs to the first term of g"
    ) { task in
      let length = length(task.z)
      return task.matrix(1 + task.width / length, -task.width / (length * length * length))
    }
    recognize(
      "the derivatives along z and across it are exchanged: along z it is w, and across w + 1/‖z‖"
    ) { task in
      let length = length(task.z)
      return task.matrix(task.width, 1 / (length * length * length))
    }
    for isTransposed in [false, true] {
      recognize(
        "the derivatives along z and across it were turned once; turn on both sides, R D Rᵀ"
      ) { task in
        let length = length(task.z)
        let (c, s) = (task.z[0] / length, task.z[1] / length)
        let (along, across) = (task.width, task.width + 1 / length)
        return isTransposed
          ? [[c * along, s * along], [-s * across, c * across]]
          : [[c * along, -s * across], [s * along, c * across]]
      }
    }
    recognize("w was multiplied by z; the derivative of w zᵢ with respect to zᵢ is w") { task in
      let length = length(task.z)
      var matrix = task.matrix(1 / length, -1 / (length * length * length))
      for i in 0..<2 { matrix[i][i] += task.width * task.z[i] }
      return matrix
    }
    recognize(
      "those are the derivatives along z and across; rows and columns are those of z₁ and z₂"
    ) { [[$0.width, 0], [0, $0.width + 1 / length($0.z)]] }
    recognize(
      "those are the derivatives across z and along it; rows and columns are those of z₁ and z₂"
    ) { [[$0.width + 1 / length($0.z), 0], [0, $0.width]] }
    for step in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
      recognize("those are forward differences, which are only nearly right; differentiate g") {
        $0.differences(step, isCentral: false)
      }
    }
    for step in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
      recognize("those are central differences, which are only nearly right; differentiate g") {
        $0.differences(step, isCentral: true)
      }
    }
  }
}
