import Autodiff
import Datasets
import Files
import Foundation
import Notebook
import Probability
import Testing
import VariationalAutoencoders

@testable import Ch05_VAE

@Suite struct Ch05VAETests {
  private let page = Pages.vae

  private func table(_ section: String, _ index: Int = 0) throws -> Table {
    let tables = page.section(section).compactMap {
      if case .table(let table) = $0 { table } else { nil }
    }
    return try #require(tables.count > index ? tables[index] : nil)
  }

  private func figures(_ section: String) -> [Figure] {
    page.section(section).compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }

  private func pictures(_ section: String) -> [[GrayImage]] {
    page.section(section).flatMap {
      if case .imageGrid(let grid) = $0 { grid.rows.map(\.images) } else { [[GrayImage]]() }
    }
  }

  /// The two sides of a check of kind `atMost` or `equal`.
  private func sides(_ check: Check) throws -> (left: Double, right: Double) {
    switch check.evidence {
    case .atMost(let left, let right, _), .equal(let left, let right, _): (left.value, right.value)
    default: try #require(nil)
    }
  }

  @Test("Section 5.1 counts all parameters and draws the model")
  func theParametersAreAllThere() throws {
    #expect(try table("5.1").rows.last?.last == "\(Configuration().parameterCount)")
    let isGraph = page.section("5.1").contains { if case .graph = $0 { true } else { false } }
    #expect(isGraph)
  }

  @Test("The figure of the bounds ends where the table ends")
  func bounds() throws {
    let last = try #require(try table("5.3").rows.last)
    let layers = try #require(figures("5.3").first).panels[0].layers
    for (layer, cell) in zip(layers, last[1...2]) {
      guard case .line(let line) = layer else { throw Missing() }
      #expect(formatted(try #require(line.y.last), decimals: 2) == cell)
      #expect(line.x.last == 40)
    }
  }

  @Test("The mean of Q alone would make the bound too good")
  func codes() throws {
    // Each cell is a mean and its standard error: "-107.4 ± 1.3".
    let fits = try table("5.4").rows.map { row in
      row[1].split(separator: " ").compactMap { Double($0) }
    }
    func exceeds(_ row: Int, _ other: Int) -> Bool {
      let error = (fits[row][1] * fits[row][1] + fits[other][1] * fits[other][1]).squareRoot()
      return fits[row][0] - fits[other][0] > Check.allowedStandardErrors * error
    }
    #expect(exceeds(1, 0) && exceeds(0, 2) && exceeds(0, 3))
  }

  @Test("The map has 7 × 7 pictures, the plane every test image once")
  func plane() throws {
    #expect(pictures("5.6").map(\.count) == [Int](repeating: 7, count: 7))
    let panels = try #require(figures("5.6").first).panels
    #expect(panels.map(\.layers.count) == [5, 5])
    let points = panels.flatMap(\.layers).reduce(0) {
      if case .points(let series) = $1 { $0 + series.x.count } else { $0 }
    }
    #expect(points == 500)
  }

  @Test("Each part of the divergence is needed")
  func split() throws {
    let check = page.checks("5.6")[1]
    guard case .equal(_, let divergence, let tolerance) = check.evidence else { throw Missing() }
    let prose = page.section("5.6").compactMap { block -> String? in
      if case .prose(let prose) = block, prose.text.hasPrefix("I = ") { prose.text } else { nil }
    }
    let words = try #require(prose.first).split(separator: " ")
    let parts = try [#require(Double(words[2])), #require(Double(words[words.count - 2]))]
    #expect(abs(parts[0] + parts[1] - divergence.value) < 2e-3)
    for part in parts {
      #expect(part > 0.1)
      #expect(!Check("", .equal(Quantity("", part), divergence, tolerance: tolerance)).holds)
    }
  }

  @Test("The identity fails without the divergence to the posterior")
  func identity() throws {
    let rows = try table("5.8", 1).rows.dropLast()
    let tolerance = try sides(page.checks("5.8")[2]).right
    #expect(rows.count == 5)
    for row in rows {
      let numbers = row[1...3].compactMap { Double($0) }
      #expect(numbers[0] - numbers[1] > tolerance)
      // Three numbers with four decimals each.
      #expect(abs(numbers[0] - numbers[1] - numbers[2]) < 1.6e-4)
    }
  }

  @Test("Bounds with more weights that fell would be noticed")
  func moreWeights() throws {
    for check in page.checks("5.8").prefix(2) {
      let (margin, gain) = try sides(check)
      #expect(margin < 0 && !(margin <= -gain))
    }
  }

  @Test("5.9: only the mean squared residual is an optimum, and only β = 1/σ² makes up for σ = 1")
  func variances() {
    var generator = SeededGenerator(seed: 1)
    let configuration = Configuration(
      inputSize: 6, hiddenSizes: [5], latentSize: 2, output: .gaussian)
    var model = VariationalAutoencoder<Double>(configuration, using: &generator)
    let x = Tensor<Double>.normal([20, 6], using: &generator)
    let noise = Tensor<Double>.normal([20, 2], using: &generator)
    let z = model.encoder(x).sample(noise: noise)
    let residual = (x - model.decoder(z)).squared.mean().scalar
    func slope(_ variance: Double) -> Double {
      model.decoder.logVariance = Tensor([.log(variance)])
      return valueWithGradient(at: model) {
        $0.evidenceLowerBound(of: x, noise: noise).loss()
      }.gradient.decoder.logVariance!.scalar
    }
    func holds(_ variance: Double) -> Bool {
      Check(
        "", .equal(Quantity("", slope(variance)), Quantity("", 0), tolerance: 1e-10)
      ).holds
    }
    #expect(holds(residual) && !holds(1.01 * residual) && !holds(0.99 * residual))
    // d/2 (1 − residual/σ²), the derivative in closed form.
    #expect(abs(slope(2) - 3 * (1 - residual / 2)) < 1e-12)
  }

  @Test("5.9 shows σ next to the residual, and few nats of code where it is 1")
  func learnedVariance() throws {
    let numbers = try table("5.9").rows.map { $0.dropFirst().compactMap { Double($0) } }
    #expect(abs(numbers[0][0] - numbers[0][1]) < 0.01)
    #expect(numbers[1][0] == 1 && numbers[1][1] < 0.3)
    #expect(numbers[0][2] > 0 && numbers[0][4] > 3 * numbers[1][4])
  }

  @Test("5.10: the autoencoder's codes are far from the prior, and the claims would fail reversed")
  func autoencoder() throws {
    let codes = try table("5.10").rows.map { $0[3...].compactMap { Double($0) } }
    #expect(codes[0][0] > 4 * codes[1][0] && codes[0][1] > 10 * codes[1][1])
    for check in page.checks("5.10") {
      let (margin, gain) = try sides(check)
      #expect(margin > 0 && !(margin <= -gain))
    }
    #expect(pictures("5.10").map(\.count) == [5, 5, 5, 5, 5])
  }
}

private struct Missing: Error {}

@Suite struct Ch05Claims {
  private let few = MonteCarloEstimate([0.1, -0.3, 0.2])

  private func lesson(isOfTheNote: Bool) throws -> Lesson {
    Lesson(source: try Source("ring", decoder: "auto", seed: 1), seed: 1, isOfTheNote: isOfTheNote)
  }

  @Test("What does not hold is a failure in the note's run, and a note in any other")
  func whatDoesNotHold() throws {
    let page = Page()
    try lesson(isOfTheNote: true).claim("a", "gain", above: few, on: page)
    #expect(page.checks.map(\.holds) == [false])
    try lesson(isOfTheNote: false).claim("a", "gain", above: few, on: page)
    #expect(page.checks.count == 1)
    guard case .note(let note)? = page.blocks.last else { throw Missing() }
    #expect(note.text.contains("“a” (4 standard errors: 0.6") && note.text.contains("; gain: "))
  }

  @Test("A claim that holds is shown as a check, whatever the settings")
  func whatHoldsIsACheckInAnyRun() throws {
    let page = Page()
    for isOfTheNote in [true, false] {
      try lesson(isOfTheNote: isOfTheNote).claim(
        "a", Quantity("b", 1), atMost: Quantity("c", 2), on: page)
    }
    #expect(page.checks.map(\.holds) == [true, true])
  }

  @Test("A gain of nothing, without any spread, is not a gain")
  func noGain() throws {
    let page = Page()
    let lesson = try lesson(isOfTheNote: false)
    lesson.claim("a", "gain", above: MonteCarloEstimate([0, 0, 0]), on: page)
    #expect(page.checks.isEmpty && page.blocks.count == 1)
  }

  @Test("A single example has no standard error: nothing can be claimed of it")
  func oneExample() throws {
    let page = Page()
    let lesson = try lesson(isOfTheNote: false)
    lesson.claim("a", "gain", above: MonteCarloEstimate([5]), on: page)
    #expect(page.checks.isEmpty && page.blocks.count == 1)
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

  @Test("Without latent variables, a pixel is as likely as it was often white")
  func coins() throws {
    let source = try Source("mnist", decoder: "auto", seed: 1)
    let x = Tensor<Float>(zeros: [1, 784])
    let white = source.train.values.sum(axis: 0).scalars.map { (Double($0) + 1) / 4502 }
    let expected = white.reduce(0) { $0 + log(1 - $1) }
    // 784 roundings of numbers up to 1, in Float.
    #expect(abs(Double(source.coinLogProbability(of: x).scalar) - expected) < 784 * 2e-7)
  }
}

/// A data set for the chapter, of images that follow no pattern.
struct Collection: Sendable, CustomTestStringConvertible {
  var name = ""
  var train = 40
  var test = 35
  var rows = 6
  var columns = 5
  var classes = 10
  var firstLabel = 0
  var hasLabels = true
  var isSorted = false
  /// The brightest grey value.
  var brightest = 255
  var isReversed = false

  var testDescription: String { name }

  /// Runs `body` with a folder of these images in the format of MNIST, which is gone afterwards.
  func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "chapter-5-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ sizes: [Int], _ bytes: [UInt8]) throws {
      let extents = sizes.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] as [UInt8] }
      let file = Data([0, 0, 8, UInt8(sizes.count)] + extents + bytes)
      try file.write(to: URL(filePath: "\(folder)/\(name)-ubyte"))
    }
    var generator = SeededGenerator(seed: 1)
    for (name, count) in [("train", train), ("t10k", test)] {
      var pixels = (0..<count * rows * columns).map { _ in
        UInt8(generator.integer(below: brightest + 1))
      }
      if isReversed { pixels.reverse() }
      try write("\(name)-images-idx3", [count, rows, columns], pixels)
      let labels = (0..<count).map { isSorted ? $0 * classes / count : $0 % classes }
      guard hasLabels else { continue }
      try write("\(name)-labels-idx1", [count], labels.map { UInt8(firstLabel + $0) })
    }
    try body(folder)
  }
}

@Suite struct Ch05Knobs {
  /// Runs the chapter, and returns its status and its complaint.
  private func run(_ arguments: [String]) -> (status: Int32, complaint: String) {
    var complaint = ""
    let outcome = VAE.chapter.execute(
      arguments: arguments, errors: ErrorStream(.silent) { complaint += $0 })
    return (outcome.exitStatus, complaint)
  }

  @Test(
    "What does not go together is refused with a sentence",
    arguments: [
      (["--data", "ring", "--decoder", "bernoulli"], 64, "--decoder bernoulli needs pixels"),
      (["--hidden", "4000,4000"], 64, "make a model of 38528824 parameters; at most 10000000"),
      (["--latent", "0"], 64, "--latent must be an integer from 1 to 1000"),
      (["--data", "/none"], 66, "cannot read /none: there is no such folder"),
    ] as [([String], Int32, String)])
  func refusals(arguments: [String], status: Int32, words: String) {
    let found = run(arguments)
    #expect(found.status == status && found.complaint.contains(words), "\(found)")
  }

  @Test(
    "Models that have learnt little end in notes, not in failures",
    arguments: [
      ["--epochs", "0"], ["--epochs", "1", "--beta", "784"],
      ["--epochs", "1", "--learning-rate", "0"], ["--epochs", "1", "--decoder", "gaussian"],
    ])
  func hardlyTrained(arguments: [String]) throws {
    try Collection().inFolder { folder in
      let found = run(["--data", folder, "--hidden", "4", "--latent", "2"] + arguments)
      #expect(found.status == 0, "\(found.complaint)")
    }
  }

  @Test("With points on a ring every section runs, and none speaks of images")
  func pointsOnARing() {
    let arguments = ["--data", "ring", "--latent", "2", "--hidden", "8", "--epochs", "1"]
    let record = Record(VAE.chapter, arguments: arguments)
    #expect(record.exitStatus == 0)
    // No section speaks of images that are not there.
    for number in 1...10 {
      #expect(!record.section("5.\(number)").isEmpty)
      let hasPictures = record.section("5.\(number)").contains {
        if case .imageGrid = $0 { true } else { false }
      }
      #expect(!hasPictures)
    }
  }

  @Test("A checkpoint goes on where it stopped, and nowhere else")
  func checkpoints() throws {
    try Collection().inFolder { folder in
      let file = folder + "/run.safetensors"
      let model = ["--data", folder, "--hidden", "4", "--checkpoint", file]
      let once = Record(VAE.chapter, arguments: model + ["--epochs", "2"])
      #expect(once.exitStatus == 0)
      #expect(Record(VAE.chapter, arguments: model + ["--epochs", "2"]).blocks == once.blocks)
      let fewer = run(model + ["--epochs", "1"])
      #expect(fewer.status == 64)
      #expect(fewer.complaint.contains("--epochs 1 is less than the 2 epochs that \(file) holds"))
      // Other images of the same count and size, with the same sum.
      try Collection(isReversed: true).inFolder { other in
        let found = run(["--data", other] + model.dropFirst(2) + ["--epochs", "2"])
        #expect(found.status == 66 && found.complaint.contains("its data is 40 + 35 examples"))
      }
      // The lock does not stay.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 5)
      try Data("# a text".utf8).write(to: URL(filePath: file))
      let text = run(model)
      #expect(text.status == 66 && text.complaint.contains("it is not a SafeTensors file"))
    }
  }

  @Test("A place where no checkpoint can be written is refused before the first epoch")
  func unwritableCheckpoints() throws {
    try Collection().inFolder { folder in
      func refusal(_ file: String) -> (status: Int32, complaint: String) {
        // So many epochs would never end.
        run(["--data", folder, "--epochs", "100000", "--checkpoint", file])
      }
      let missing = refusal(folder + "/none/run")
      #expect(missing.status == 73)
      #expect(missing.complaint.contains("there is no folder \(folder)/none"))
      let lock = try FileLock(folder + "/run")
      let second = refusal(folder + "/run")
      #expect(second.status == 73 && second.complaint.contains("another run is writing to it"))
      withExtendedLifetime(lock) {}
    }
  }

  @Test("A run of no epochs is saved to its checkpoint as well")
  func aRunWithoutAnEpochIsSavedToo() throws {
    try Collection().inFolder { folder in
      let file = folder + "/run"
      let arguments = ["--data", folder, "--hidden", "4", "--checkpoint", file]
      #expect(run(arguments + ["--epochs", "0"]).status == 0)
      #expect(FileManager.default.fileExists(atPath: file))
      #expect(run(arguments + ["--epochs", "1"]).status == 0)
    }
  }
}

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
      case .prose(let prose): prose.text
      case .note(let note): note.text
      case .figure(let figure): figure.description
      case .check(let check): check.claim
      case .table(let table): table.caption ?? ""
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
      #expect(record.sections == (1...10).map { "5.\($0)" })
      for check in record.checks { #expect(check.holds, "\(check)") }
    }
  }

  @Test("The plane shows each of the small models' test images once, under its own class")
  func plane() throws {
    for (classes, shown) in [(2, 2), (26, 10)] {
      try Collection(test: 520, classes: classes, firstLabel: 100).inFolder { folder in
        let source = try Source(folder, decoder: "auto", seed: 3)
        let record = record(folder, ["--seed", "3"])
        let figures = record.section("5.6").compactMap {
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

  @Test("What cannot be shown of few images, or of images without classes, is said")
  func whatIsLeftOut() throws {
    try Collection(test: 1, hasLabels: false).inFolder { folder in
      let record = record(folder)
      #expect(words("5.1", of: record).contains("The test images have no labels"))
      #expect(words("5.4", of: record).contains("There is one test image"))
      #expect(!words("5.6", of: record).contains("by class"))
      #expect(words("5.7", of: record).contains("There is one test image"))
      #expect(words("5.8", of: record).contains("fewer than 30 examples"))
    }
    try Collection(classes: 1).inFolder { folder in
      let record = record(folder)
      #expect(words("5.1", of: record).contains("All are of one class, 0"))
      #expect(words("5.6", of: record).contains("among 35 test images, all are"))
      #expect(!words("5.7", of: record).contains("another class"))
    }
    try Collection(classes: 35).inFolder { folder in
      #expect(words("5.6", of: record(folder)).contains("among 35 test images, no two are"))
    }
    try Collection(brightest: 0).inFolder { folder in
      let arguments = [
        "--data", folder, "--hidden", "8", "--epochs", "100", "--learning-rate", "0.1",
      ]
      let trained = Record(VAE.chapter, arguments: arguments)
      #expect(words("5.5", of: trained).contains("The decoder is sure of nearly every pixel"))
    }
  }

  @Test("Large images round more than small ones, and the checks allow for it")
  func roundingOfLargeImages() throws {
    try Collection(train: 16, test: 2, rows: 64, columns: 64, brightest: 0).inFolder { folder in
      let lesson = Lesson(
        source: try Source(folder, decoder: "auto", seed: 2013), seed: 2013, isOfTheNote: false)
      let page = Page()
      VAE.takeApart(
        Configuration(inputSize: 4096), TrainingSettings(seed: 2013), lesson, on: page)
      #expect(page.checks.count == 3 && page.checks.allSatisfy(\.holds))
      guard case .atMost(let error, _, _)? = page.checks.last?.evidence else { throw Missing() }
      // Beyond what 28 × 28 pixels are allowed.
      #expect(error.value > 1e-7)
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
    let said = words("5.1", of: record)
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
