import Autodiff
import Foundation
import Kernels
import Probability
import Testing

@testable import Datasets

@Suite struct ExamplesTests {
  @Test("A pixel is its byte divided by 255, an image is a row")
  func pixelsAreScaled() {
    let images = Images(
      rows: 2, columns: 3, pixels: [0, 255, 51, 128, 1, 254, 5, 6, 7, 8, 9, 10], labels: [3, 4])
    let examples = Examples(images)
    #expect(examples.count == 2 && examples.size == 6)
    #expect(examples.values.shape == [2, 6] && examples.classes == [3, 4])
    let first: [Float] = [0, 1, 0.2, 128 / 255, 1 / 255, 254 / 255]
    #expect(examples[[0]].scalars == first)
    #expect(examples[[1]].scalars == (5...10).map { Float($0) / 255 })
  }

  @Test func allBytesAreScaledExactly() {
    let images = Images(
      rows: 16, columns: 16, pixels: [UInt8](0...255), labels: [0])
    #expect(Examples(images).values.scalars == (0...255).map { Float($0) / 255 })
  }

  @Test func rowsAreGatheredInOrder() {
    let examples = Examples(Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
    #expect(examples[[2, 0, 0]] == Tensor([5, 6, 1, 2, 1, 2], shape: [3, 2]))
    #expect(examples[[]] == Tensor(zeros: [0, 2]))
    #expect(examples.prefix(2).values == Tensor([1, 2, 3, 4], shape: [2, 2]))
    #expect(examples.prefix(7).values == examples.values && examples.prefix(-1).count == 0)
  }

  @Test("A selection takes its classes along, whether of pixels or of numbers")
  func selectionsKeepTheirClasses() {
    let pixels = Images(rows: 1, columns: 2, pixels: [0, 255, 255, 0, 0, 0], labels: [7, 200, 7])
    let numbers = Tensor<Float>([0, 1, 1, 0, 0, 0], shape: [3, 2])
    for examples in [Examples(pixels), Examples(numbers, classes: [7, 200, 7])] {
      let selection = examples.selection([1, 0, 1])
      #expect(selection.values == Tensor([1, 0, 0, 1, 1, 0], shape: [3, 2]))
      #expect(selection.classes == [200, 7, 200] && selection.count == 3)
      #expect(examples.prefix(1).classes == [7])
      #expect(examples.selection([]).values.shape == [0, 2])
    }
    let unlabelled = Images(rows: 1, columns: 2, pixels: [0, 255, 255, 0])
    #expect(Examples(unlabelled).prefix(1).classes == nil)
  }

  @Test("A sample is of different examples, all of them if there are no more")
  func samples() {
    let examples = Examples(Tensor((0..<20).map(Float.init), shape: [20, 1]))
    var generator = SeededGenerator(seed: 1)
    let some = examples.sample(5, using: &generator).values.scalars
    #expect(Set(some).count == 5)
    let all = examples.sample(30, using: &generator).values.scalars
    #expect(all.sorted() == examples.values.scalars && all != examples.values.scalars)
  }

  @Test("The pieces of examples are all of them, in order", arguments: [1, 3, 4, 5, 9, 100])
  func pieces(length: Int) {
    let pieces = Examples(Tensor(zeros: [9, 1])).chunks(of: length)
    #expect(pieces.flatMap { $0 } == Array(0..<9))
    #expect(pieces.dropLast().allSatisfy { $0.count == length })
  }

  @Test("The fingerprint is FNV-1a of the bytes: those of \"foob\" and \"foobarfo\" are known")
  func fingerprint() {
    func examples(_ text: String) -> Examples {
      let bytes = [UInt8](text.utf8)
      return Examples(Tensor(shape: [bytes.count / 4, 1], buffer: Buffer(bytes: bytes)))
    }
    #expect(examples("foob").fingerprint == 0xDD12_0E79_0C25_12AF)
    #expect(examples("foobarfo").fingerprint == 0x7396_E6EB_4E20_40DF)
    // The same numbers in another order, with the same sum.
    #expect(examples("arfofoob").fingerprint != examples("foobarfo").fingerprint)
    let pixels = Images(rows: 1, columns: 2, pixels: [UInt8]("foob".utf8))
    #expect(Examples(pixels).fingerprint == 0xDD12_0E79_0C25_12AF)
  }
}

@Suite struct ShuffledBatchesTests {
  @Test func aBatchHasAtLeastOneExample() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = SeededGenerator(seed: 1)
      _ = shuffledBatches(of: 3, size: 0, using: &generator)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("shuffledBatches: a batch of 0 examples"))
  }

  @Test(
    "Every number is in one batch, and only the last may be smaller",
    arguments: [(0, 5), (1, 5), (4, 5), (5, 5), (6, 5), (100, 7), (100, 1), (3, 1000)])
  func batchesAreAPartition(count: Int, size: Int) {
    var generator = SeededGenerator(seed: 1)
    let batches = shuffledBatches(of: count, size: size, using: &generator)
    #expect(batches.joined().sorted() == Array(0..<count))
    #expect(batches.dropLast().allSatisfy { $0.count == size })
    #expect(batches.last.map { (1...size).contains($0.count) } ?? (count == 0))
  }

  @Test func theOrderDependsOnTheSeedAlone() {
    func batches(seed: UInt64) -> [[Int]] {
      var generator = SeededGenerator(seed: seed)
      return shuffledBatches(of: 50, size: 8, using: &generator)
    }
    #expect(batches(seed: 1) == batches(seed: 1))
    #expect(batches(seed: 1) != batches(seed: 2))
    #expect(batches(seed: 1).flatMap { $0 } != Array(0..<50))
    // The same generator goes on to another order.
    var generator = SeededGenerator(seed: 1)
    let first = shuffledBatches(of: 50, size: 8, using: &generator)
    #expect(first == batches(seed: 1))
    #expect(shuffledBatches(of: 50, size: 8, using: &generator) != first)
  }

  @Test("The size of the batches does not change the order")
  func sizesCutTheSameOrder() {
    func order(size: Int) -> [Int] {
      var generator = SeededGenerator(seed: 3)
      return shuffledBatches(of: 60, size: size, using: &generator).flatMap { $0 }
    }
    #expect(order(size: 7) == order(size: 60))
  }
}
