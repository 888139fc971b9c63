/// What the figure of 0.3 needs in a browser: the steps of a tape, with the values and gradients that it must find.
struct TouchableTape: Encodable {
  /// A value on the tape; an input has no operation.
  struct Node: Encodable {
    let name: String
    let operation: String?
    let operands: [Int]
    let value: Double
    let gradient: Double
  }

  let title: String
  let nodes: [Node]
  /// From where to where the inputs can be moved.
  let range: [Double] = [-2, 3]

  /// - Parameter names: What stands in the boxes.
  init(_ title: String, _ steps: [ScalarTape.Step], gradients: [Double], names: [String]) {
    self.title = title
    nodes = steps.indices.map { i in
      Node(
        name: names[i], operation: steps[i].operands.isEmpty ? nil : steps[i].name,
        operands: steps[i].operands.map(\.index), value: steps[i].number, gradient: gradients[i])
    }
  }
}
