import Autodiff
import Files
import Foundation
import Kernels
import Probability

/// The whole state of a training run in one file. A run that resumes from it computes the same bits
/// as one that never stopped.
///
/// The file has the safetensors format, so that Python can read it too
/// (`safetensors.numpy.load_file`): each parameter under its own name, the optimiser's moments
/// under `adam.first.` and `adam.second.` before it, the records under theirs, and everything else
/// as metadata, with a checksum over all bytes.
public struct Checkpoint<Model: Parameterized> {
  /// The parameters.
  public var model: Model
  /// The optimiser's moments and step.
  public var optimizer: Adam<Model>
  /// The state from which the random numbers continue.
  public var generator: SeededGenerator
  /// The settings of the run; a file with other settings is refused.
  public var configuration: [String: String]
  /// What the run has recorded so far, such as a table of the losses.
  public var records: [String: Tensor<Double>]

  /// Gathers a run's state.
  public init(
    model: Model, optimizer: Adam<Model>, generator: SeededGenerator,
    configuration: [String: String], records: [String: Tensor<Double>] = [:]
  ) {
    self.model = model
    self.optimizer = optimizer
    self.generator = generator
    self.configuration = configuration
    self.records = records
  }

  /// Replaces the file by this state; if that fails, the file keeps its old contents.
  public func write(to path: String) throws(FileError) {
    var entries = records.sorted { $0.key < $1.key }.map { Entry("record." + $0.key, $0.value) }
    for (name, value) in zip(names, optimizer.firstMoments) {
      entries.append(Entry("adam.first." + name, value))
    }
    for (name, value) in zip(names, optimizer.secondMoments) {
      entries.append(Entry("adam.second." + name, value))
    }
    for (name, value) in zip(names, model.parameters) { entries.append(Entry(name, value)) }
    var metadata = [
      "format": Self.format, "step": "\(optimizer.step)", "generator.key": "\(generator.key)",
      "generator.position": "\(generator.position)",
    ]
    for (key, value) in configuration { metadata["configuration." + key] = value }
    let file = SafeTensors(entries: entries, metadata: metadata).sealed()
    try replaceFile(path, with: file.encoded())
  }

  /// Reads a state like `template`, which gives the shapes, the optimiser's settings and the
  /// configuration that the file must have.
  ///
  /// - Throws: `FileError` if the file cannot be read, is damaged, is not a checkpoint, is one of
  ///   another model or run, or holds a number with which training could not go on; the sentence
  ///   says which.
  public init(contentsOf path: String, like template: Checkpoint) throws(FileError) {
    self = template
    let data = try readFile(path)
    func fail(_ reason: String) -> FileError { FileError(.read, path, reason) }
    let file: SafeTensors
    do { file = try SafeTensors(decoding: data) } catch { throw fail(error.reason) }

    // Damage is checked first, because it may be the cause of every later error.
    if let checksum = file.checksum, checksum != file.expectedChecksum {
      throw fail("it is damaged: its bytes do not have the checksum that it gives for them")
    }
    guard file.metadata["format"] == Self.format else {
      throw fail("it is a SafeTensors file, but not a checkpoint of these chapters")
    }
    guard file.checksum != nil else {
      throw fail(
        "it has no checksum, as an earlier version of these chapters left it: delete it, or save to "
          + "another file, and train anew")
    }
    for (key, value) in template.configuration.sorted(by: { $0.key < $1.key }) {
      let found = file.metadata["configuration." + key] ?? "missing"
      guard found == value else {
        throw fail("it was made by another run: its \(key) is \(found), this run's is \(value)")
      }
    }
    // No run takes as many as 2⁵³ steps.
    guard let step = file.metadata["step"].flatMap({ Int($0) }), (0...1 << 53).contains(step),
      let key = file.metadata["generator.key"].flatMap({ UInt64($0) }),
      let position = file.metadata["generator.position"].flatMap({ UInt64($0) })
    else { throw fail("its step or its generator's state is missing or not a number") }
    generator = SeededGenerator(key: key, position: position)

    let tensors = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0) })
    func tensor<Scalar>(_ name: String, like shape: [Int]) throws(FileError) -> Tensor<Scalar> {
      guard let entry = tensors[name] else { throw fail("it has no tensor named \(name)") }
      guard entry.shape == shape, let value = Tensor<Scalar>(entry) else {
        throw fail(
          "its \(name) is \(entry.type.rawValue) of shape \(entry.shape), this model's is "
            + "\(SafeTensors.ElementType(Scalar.self).rawValue) of shape \(shape)")
      }
      return value
    }
    var (first, second): ([Tensor<Model.Scalar>], [Tensor<Model.Scalar>]) = ([], [])
    var parameters: [Tensor<Model.Scalar>] = []
    for (name, parameter) in zip(names, template.model.parameters) {
      parameters.append(try tensor(name, like: parameter.shape))
      first.append(try tensor("adam.first." + name, like: parameter.shape))
      second.append(try tensor("adam.second." + name, like: parameter.shape))
      guard parameters.last!.isFinite, first.last!.isFinite else {
        throw fail("its \(name) or their first moments are not finite numbers")
      }
      // The sum of the roots is finite only if every number is finite and not negative.
      guard sqrt(second.last!).sum().scalar.isFinite else {
        throw fail("the second moments of its \(name) are not all finite and at least 0")
      }
    }
    model = model.replacingParameters { index, _ in parameters[index] }
    optimizer.restore(step: step, firstMoments: first, secondMoments: second)
    records = [:]
    for entry in file.entries where entry.name.hasPrefix("record.") {
      let name = String(entry.name.dropFirst("record.".count))
      records[name] = try tensor(entry.name, like: entry.shape)
    }
  }

  private typealias Entry = SafeTensors.Entry
  private static var format: String { "VAE Chapters checkpoint 1" }

  private var names: [String] { model.parameterNames }
}

extension SafeTensors.ElementType {
  fileprivate init<Scalar: TensorScalar>(_: Scalar.Type) {
    self = Scalar.self == Float.self ? .f32 : .f64
  }
}

extension SafeTensors.Entry {
  fileprivate init<Scalar>(_ name: String, _ tensor: Tensor<Scalar>) {
    self.init(
      name: name, type: .init(Scalar.self), shape: tensor.shape,
      bytes: Data(tensor.buffer.bytes))
  }
}

extension Tensor {
  /// Whether every number is finite: 0 times an infinity or a NaN is NaN.
  fileprivate var isFinite: Bool { (self * 0).sum().scalar == 0 }

  fileprivate init?(_ entry: SafeTensors.Entry) {
    guard entry.type == .init(Scalar.self) else { return nil }
    self.init(shape: entry.shape, buffer: Buffer(bytes: [UInt8](entry.bytes)))
  }
}
