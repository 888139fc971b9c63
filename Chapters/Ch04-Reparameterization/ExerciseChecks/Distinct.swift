import Exercises

extension Array {
  /// The mistakes that show in the answers to some tasks, each as it is compared: in units of its
  /// largest number.
  func distinct<Formula, Task>(
    in formula: Formula, for tasks: [Task], _ values: (Task, Formula) -> [Double]
  ) -> [Mistake<Formula>] where Element == Mistake<Formula> {
    let units = tasks.map { task in values(task, formula).map(abs).max() ?? 1 }
    return distinct(in: formula) { formula in
      zip(tasks, units).flatMap { task, unit in values(task, formula).map { $0 / unit } }
    }
  }
}
