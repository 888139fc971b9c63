import Autodiff
import Kernels
import Testing

@Suite struct TensorTests {
  @Test("A tensor is made from numbers, one number repeated, a buffer, or by whatever fills it")
  func initializers() {
    #expect(Tensor([1.0, 2, 3]).shape == [3])
    #expect(Tensor<Double>(2.5).shape == [] && Tensor<Double>(2.5).scalar == 2.5)
    #expect(Tensor<Float>(zeros: [2, 3]).scalars == [0, 0, 0, 0, 0, 0])
    #expect(Tensor(repeating: 7.0, shape: [2, 1]).scalars == [7, 7])
    #expect(Tensor<Double>(zeros: [2, 0]).count == 0 && Tensor<Double>(zeros: []).count == 1)
    let filled = Tensor<Double>(shape: [2, 2]) { buffer in
      for i in 0..<4 { buffer[i] = Double(i) }
    }
    #expect(filled == Tensor([0, 1, 2, 3], shape: [2, 2]))
    #expect(Tensor(shape: [2, 2], buffer: Buffer([0, 1, 2, 3])) == filled)
  }

  @Test("Indices are in row-major order")
  func indices() {
    let x = Tensor((0..<24).map(Double.init), shape: [2, 3, 4])
    #expect(x.rank == 3 && x.count == 24)
    #expect(x[0, 0, 0] == 0 && x[1, 2, 3] == 23 && x[1, 0, 2] == 14)
    #expect(Tensor([4.0, 5])[1] == 5)
  }

  @Test("Two tensors are equal if their shapes and all their numbers are")
  func equality() {
    #expect(Tensor([1.0, 2]) == Tensor([1, 2], shape: [2]))
    #expect(Tensor([1.0, 2]) != Tensor([1, 2], shape: [1, 2]))
    #expect(Tensor([1.0, 2]) != Tensor([1, 3]))
    #expect(Tensor([0.0]) == Tensor([-0.0]) && Tensor([Double.nan]) != Tensor([Double.nan]))
  }

  @Test("The description shows the shape and the first eight numbers")
  func descriptions() {
    #expect("\(Tensor([1.0, 2, 3, 4], shape: [2, 2]))" == "Tensor[2, 2](1.0, 2.0, 3.0, 4.0)")
    #expect("\(Tensor<Double>(0.5))" == "Tensor[](0.5)")
    #expect("\(Tensor<Float>(zeros: [9]))".hasSuffix("0.0, …)"))
  }

  @Test("A copy is independent of the original, whichever of them changes")
  func copiesAreValues() {
    let original = Tensor([1.0, 2, 3])
    var (first, second) = (original, original)
    first.mutate { $0[0] = 10 }
    second.mutate { $0[2] = 30 }
    #expect(original.scalars == [1, 2, 3])
    #expect(first.scalars == [10, 2, 3] && second.scalars == [1, 2, 30])
    // Neither a detached tensor nor a reshaped one shares changes.
    var detached = first.detached
    var reshaped = first.reshaped([3, 1])
    detached.mutate { $0[1] = 20 }
    reshaped.mutate { $0[1] = 21 }
    #expect(first.scalars == [10, 2, 3])
    #expect(detached.scalars == [10, 20, 3] && reshaped.scalars == [10, 21, 3])
  }

  @Test("Changing a tensor copies its numbers only if another tensor shares them")
  func copyOnWrite() {
    var x = Tensor([1.0, 2, 3])
    let before = ObjectIdentifier(x.buffer)
    x.mutate { $0[0] = 5 }
    #expect(ObjectIdentifier(x.buffer) == before)
    let copy = x
    #expect(ObjectIdentifier(copy.buffer) == before)
    x.mutate { $0[0] = 6 }
    #expect(ObjectIdentifier(x.buffer) != before && copy.scalars == [5, 2, 3])
  }

  @Test("Changing a tensor after its use does not change the gradient")
  func pullbacksKeepTheirValues() {
    let result = valueWithGradient(at: Tensor([2.0, 3])) { x in
      var y = x.detached
      let squares = (x * y).sum()
      y.mutate { $0[0] = 100 }
      return squares
    }
    #expect(result.gradient == Tensor([2, 3]))
  }

  @Test("A tensor converts to another precision")
  func precisions() {
    let x = Tensor([0.1, 1e300, -2], shape: [3, 1])
    let single = x.converted(to: Float.self)
    #expect(single == Tensor([0.1, .infinity, -2], shape: [3, 1]))
    #expect(single.converted(to: Double.self)[0, 0] == Double(Float(0.1)))
    // Inside a loss, and afterwards, whatever is off the tape converts too.
    var kept = x
    _ = valueWithGradient(at: x) { x in
      kept = x * 2
      return Tensor(Double(x.detached.converted(to: Float.self)[2, 0]))
    }
    #expect(kept.converted(to: Float.self)[2, 0] == -4)
  }
}
