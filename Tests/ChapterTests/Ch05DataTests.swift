import Autodiff
import Datasets
import Foundation
import NeuralNetworks
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05Data {
  private func record(_ folder: String, _ arguments: [String] = []) -> Record {
    Record(
      VAE.chapter,
      arguments: ["--data", folder, "--hidden", "8", "--latent", "2", "--epochs", "1"] + arguments)
  }

  /// All words of a section.
  private func words(_ section: String, of record: Record) -> String {
    record.section(section).map {
      switch $0 {
      case .lead(let lead): lead.text
      case .prose(let prose): prose.text
      case .note(let note): note.text
      case .figure(let figure): figure.description
      case .check(let check): check.claim
      case .table(let table): table.caption ?? ""
      case .imageGrid(let grid):
        (grid.rows.map(\.label) + [grid.caption]).compactMap(\.self).joined()
      default: ""
      }
    }.joined(separator: "\n")
  }

  @Test(
    "Whatever the images are, every section is there and no check fails",
    arguments: [
      Collection(name: "one to learn from and one to test with", train: 1, test: 1),
      Collection(name: "two of each", train: 2, test: 2),
      Collection(name: "nine to test with", test: 9),
      Collection(name: "one fewer than the small models take", test: 499),
      Collection(name: "one more than the small models take", test: 501),
      Collection(name: "wide", rows: 3, columns: 40),
      Collection(name: "high", rows: 40, columns: 3),
      Collection(name: "a single pixel", rows: 1, columns: 1),
      Collection(name: "large", train: 5, test: 5, rows: 32, columns: 20),
      Collection(name: "one class", classes: 1), Collection(name: "two classes", classes: 2),
      Collection(name: "26 classes", test: 200, classes: 26),
      Collection(name: "47 classes", test: 200, classes: 47),
      Collection(name: "each image of a class of its own", test: 35, classes: 35),
      Collection(name: "labels from 200 on", firstLabel: 200),
      Collection(name: "without labels", hasLabels: false),
      Collection(name: "black", brightest: 0), Collection(name: "nearly black", brightest: 1),
    ])
  func allKindsOfImages(collection: Collection) throws {
    try collection.inFolder { folder in
      let record = record(folder)
      #expect(record.exitStatus == 0)
      #expect(record.sections == (1...13).map { "5.\($0)" })
      for check in record.checks { #expect(check.holds, "\(check)") }
    }
  }

  private func lesson(_ folder: String, seed: UInt64 = 3) throws -> Lesson {
    Lesson(
      source: try Source(folder, decoder: "auto", seed: seed), seed: seed, isOfTheNote: false)
  }

  /// A model of a lesson's examples that has learnt nothing.
  private func untrained(
    _ lesson: Lesson, latentSize: Int = 2
  ) -> VariationalAutoencoder<Float> {
    var generator = SeededGenerator(seed: 1)
    return VariationalAutoencoder(
      Configuration(
        inputSize: lesson.source.train.size, hiddenSizes: [8], latentSize: latentSize,
        activation: .tanh), using: &generator)
  }

  @Test("The plane shows each of the small models' test images once, under its own class")
  func plane() throws {
    for (classes, shown) in [(2, 2), (26, 10)] {
      try Collection(test: 520, classes: classes, firstLabel: 100).inFolder { folder in
        let lesson = try lesson(folder)
        let source = lesson.source
        let page = Page()
        Plane(untrained(lesson), lesson).show(on: page)
        let figures = page.blocks.compactMap {
          if case .figure(let figure) = $0 { figure } else { nil }
        }
        let layers = try #require(figures.first).panels.flatMap(\.layers)
        #expect(layers.count == shown)
        for (layer, label) in zip(layers, source.classes) {
          guard case .points(let points) = layer else { throw Missing() }
          #expect(points.label == "\(label)")
          #expect(points.x.count == source.fewTest.classes?.count { $0 == label })
        }
        #expect(source.classes.count == classes && source.fewTest.count == 500)
      }
    }
  }

  @Test("What takes a second test image is left out where there is none")
  func oneTestImage() throws {
    try Collection(test: 1, hasLabels: false).inFolder { folder in
      let lesson = try lesson(folder)
      let model = untrained(lesson)
      #expect(lesson.source.description?.contains("The test images have no labels") == true)
      let fits = Reconstruction(model, lesson)
      #expect(fits.gain == nil && fits.fits.count == 3)
      #expect(Plane(model, lesson).agreement == nil)
      let interpolation = Interpolation(model, judge: model, lesson)
      #expect(interpolation.path == nil && interpolation.judgement == nil)
      let page = Page()
      let tightness = Tightness(model, plane: model, lesson)
      tightness.show(on: page)
      // Of the identity alone: a single example has no standard error.
      #expect(page.checks.count == 1 && tightness.bounds[0].mean.count == 1)
    }
  }

  @Test("Neighbours' classes are compared only where some agree and some do not")
  func classes() throws {
    try Collection(classes: 1).inFolder { folder in
      let lesson = try lesson(folder)
      let model = untrained(lesson)
      #expect(lesson.source.description?.contains("All are of one class, 0") == true)
      #expect(Plane(model, lesson).agreement == nil)
      let path = try #require(Interpolation(model, judge: model, lesson).path)
      #expect(!path.joinsClasses)
    }
    try Collection(classes: 35).inFolder { folder in
      let lesson = try lesson(folder)
      #expect(Plane(untrained(lesson), lesson).agreement == nil)
    }
  }

  @Test("Samples are not compared with means where hardly any pixel is left to chance")
  func certainPixels() throws {
    try Collection(brightest: 0).inFolder { folder in
      let lesson = try lesson(folder)
      var model = untrained(lesson)
      #expect(PriorSamples(model, lesson).difference != nil)
      model.decoder.output.bias = Tensor(repeating: -30, shape: [30])
      #expect(PriorSamples(model, lesson).difference == nil)
    }
  }

  @Test("Large images round more than small ones, and the checks allow for it")
  func roundingOfLargeImages() throws {
    try Collection(train: 16, test: 2, rows: 64, columns: 64, brightest: 0).inFolder { folder in
      let batch = Batch(
        Configuration(inputSize: 4096), TrainingSettings(seed: 2013),
        try lesson(folder, seed: 2013))
      let page = Page()
      batch.show(on: page)
      #expect(page.checks.count == 3 && page.checks.allSatisfy(\.holds))
      // Beyond what 28 × 28 pixels are allowed.
      #expect(batch.gradientCheck.relativeError > 1e-7)
    }
  }

  @Test("The classes of the ring are its eighths")
  func eighths() throws {
    let source = try Source("ring", decoder: "auto", seed: 1)
    for (row, label) in try #require(source.test.classes).enumerated() {
      let angle = atan2(Double(source.test.values[row, 1]), Double(source.test.values[row, 0]))
      let eighth = Int((angle / (.pi / 4)).rounded(.down))
      #expect([-4: 3, -3: 7, -2: 6, -1: 2, 0: 0, 1: 4, 2: 5, 3: 1][eighth] == label)
    }
  }

  @Test("Only digits are called digits")
  func names() throws {
    try Collection().inFolder { folder in
      let record = record(folder)
      for section in record.sections { #expect(!words(section, of: record).contains("digit")) }
    }
  }

  @Test("Pictures in subfolders are shown under the subfolders' names")
  func pictures() throws {
    let folder = NSTemporaryDirectory() + "chapter-5-tests-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, dark) in [("cats", 0), ("dogs", 255), ("a very long name\u{1B}[31m of a class", 99)]
    {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      for index in 0..<20 {
        try Data("P2 2 3 255 \(dark) \(index) 9 9 \(dark) 255".utf8)
          .write(to: URL(filePath: "\(folder)/\(name)/\(index).pgm"))
      }
    }
    let record = record(folder)
    #expect(record.exitStatus == 0)
    let said = try #require(try Source(folder, decoder: "auto", seed: 1).description)
    #expect(said.contains("60 images in the folder that --data names, 2 pixels wide and 3 high"))
    #expect(
      said.contains("54 to learn from, and 6 kept back to test with, one in 10 of each class"))
    #expect(said.contains("of 3 classes: a very long name?[31…, cats, dogs."))
    try Data("P2 2 3 255 1".utf8).write(to: URL(filePath: "\(folder)/dogs/7.pgm"))
    let damaged = VAE.chapter.execute(arguments: ["--data", folder])
    #expect(damaged.exitStatus == 66)
  }

  @Test("A folder's images are sampled for the small models, whatever their order")
  func samples() throws {
    try Collection(train: 4600, test: 600, isSorted: true).inFolder { folder in
      let source = try Source(folder, decoder: "auto", seed: 1)
      #expect(source.fewTrain.count == 4500 && source.fewTest.count == 500)
      // Of ten classes in order the first hundred would be of two.
      #expect(Set(source.fewTest.prefix(100).classes ?? []).count == 10)
    }
  }
}
