import Exercises

extension SampleDistance {
  static var mistakes: [Mistake<SampleDistance>] {
    wholes + several
      + MeanDistance.mistakes(of: .any).within(\.everywhere)
      + MeanDistance.mistakes(of: .within).within(\.within, "within the samples, ")
      + MeanDistance.mistakes(of: .between).within(\.between, "in E‖X − Y‖, ")
      + MeanDistance.mistakes(of: .withinX).within(\.withinX, "in E‖X − X′‖, ")
      + MeanDistance.mistakes(of: .withinY).within(\.withinY, "in E‖Y − Y′‖, ")
  }

  private static var wholes: [Mistake<SampleDistance>] {
    let wholes: [(String, String, (_ xy: Double, _ xx: Double, _ yy: Double) -> Double)] = [
      ("once", "the first mean was counted once; it counts twice", { $0 - $1 - $2 }),
      ("added", "the means within a sample have to be subtracted, not added", { 2 * $0 + $1 + $2 }),
      (
        "yy added", "E‖Y − Y′‖ was added; subtract both means within a sample", { 2 * $0 - $1 + $2 }
      ),
      ("xx added", "the mean within the first sample was added; subtract it", { 2 * $0 + $1 - $2 }),
      (
        "no yy", "E‖Y − Y′‖, the mean within the second sample, is missing",
        { xy, xx, _ in 2 * xy - xx }
      ),
      (
        "no xx", "E‖X − X′‖, the mean within the first sample, is missing",
        { xy, _, yy in 2 * xy - yy }
      ),
      (
        "only xy", "that is 2 E‖X − Y‖; the means within the samples are missing",
        { xy, _, _ in 2 * xy }
      ),
      ("xy once", "that is E‖X − Y‖; the means within the samples are missing", { xy, _, _ in xy }),
      (
        "halves",
        "the means within the samples count half: were only the pairs i < j summed, which are half of "
          + "the pairs within a sample, and the sum divided by n · n?",
        { 2 * $0 - 0.5 * $1 - 0.5 * $2 }
      ),
      (
        "half of all", "everything was multiplied by ½: E‖X − Y‖ counts twice, the others once",
        { $0 - 0.5 * $1 - 0.5 * $2 }
      ),
      (
        "all twice", "the means within a sample count once, not twice", { 2 * $0 - 2 * $1 - 2 * $2 }
      ),
      ("sign", "the sign is flipped: 2 E‖X − Y‖ is positive", { $1 + $2 - 2 * $0 }),
      (
        "xx twice", "E‖X − X′‖ was subtracted twice; the second should be E‖Y − Y′‖",
        { xy, xx, _ in 2 * xy - 2 * xx }
      ),
      (
        "yy twice", "E‖Y − Y′‖ was subtracted twice; the first should be E‖X − X′‖",
        { xy, _, yy in 2 * xy - 2 * yy }
      ),
      (
        "brackets", "brackets are wrong: everything after the 2 was multiplied by it",
        { 2 * ($0 - $1) - $2 }
      ),
      (
        "root",
        "that is the square root, which some authors call the distance; here no root is taken",
        { max(2 * $0 - $1 - $2, 0).squareRoot() }
      ),
      ("relative", "the result was divided by 2 E‖X − Y‖", { (2 * $0 - $1 - $2) / (2 * $0) }),
      (
        "product", "the two means within a sample were multiplied; subtract both",
        { 2 * $0 - $1 * $2 }
      ),
      (
        "xy for yy", "E‖X − Y‖ was subtracted in place of E‖Y − Y′‖",
        { xy, xx, _ in xy - xx }
      ),
      (
        "xy for xx", "E‖X − Y‖ was subtracted in place of E‖X − X′‖",
        { xy, _, yy in xy - yy }
      ),
      (
        "mean of both", "the mean of E‖X − X′‖ and E‖Y − Y′‖ was subtracted; subtract their sum",
        { 2 * $0 - ($1 + $2) / 2 }
      ),
      (
        "doubled", "everything counts twice as much as it should", { 4 * $0 - 2 * $1 - 2 * $2 }
      ),
      (
        "xy twice", "2 E‖X − Y‖ counts twice: it is 2 E‖X − Y‖, not 4", { 4 * $0 - $1 - $2 }
      ),
      (
        "xy squared", "E‖X − Y‖ was squared; multiply it by 2", { $0 * $0 - $1 - $2 }
      ),
      (
        "difference within", "E‖Y − Y′‖ was subtracted from E‖X − X′‖ first; subtract both",
        { 2 * $0 - abs($1 - $2) }
      ),
      (
        "third", "the three terms were averaged; add them up", { (2 * $0 - $1 - $2) / 3 }
      ),
      (
        "relative to all", "the result was divided by the sum of the three means",
        { (2 * $0 - $1 - $2) / ($0 + $1 + $2) }
      ),
      ("xx alone", "that is E‖X − X′‖ alone", { _, xx, _ in xx }),
      ("yy alone", "that is E‖Y − Y′‖ alone", { _, _, yy in yy }),
      ("square", "the result was squared", { (2 * $0 - $1 - $2) * (2 * $0 - $1 - $2) }),
    ]
    return wholes.map { name, message, whole in
      Mistake(name, message, isCommon: ["once", "added"].contains(name)) { $0.whole = whole }
    }
  }

  /// What concerns several of the means, each in its way.
  private static var several: [Mistake<SampleDistance>] {
    [
      Mistake("sum goes on", "the sum is not set back to 0 before the next of the three means") {
        $0.sumGoesOn = true
      },
      Mistake(
        "no pair with itself",
        "the pairs of a point with itself were left out, as in section 1.5; here they count, with "
          + "distance 0", isCommon: true
      ) { $0.within.divisor = { n, _, _ in n * (n - 1) } },
      Mistake(
        "all pairs halved",
        "the sum within a sample was divided by n(n − 1)/2, the number of pairs "
          + "i < j, but all pairs were summed"
      ) { $0.within.divisor = { n, _, _ in n * (n - 1) / 2 } },
      Mistake(
        "as many of both",
        "only as many points of each sample were used as the smaller has; they need not be equal"
      ) {
        $0.used = { task in
          let count = min(task.x.count, task.y.count)
          return SamplesTask(x: Array(task.x.prefix(count)), y: Array(task.y.prefix(count)))
        }
      },
      Mistake(
        "first of all", "the first points were left out of all sums; do the loops begin at 1?"
      ) { $0.used = { SamplesTask(x: Array($0.x.dropFirst()), y: Array($0.y.dropFirst())) } },
      Mistake(
        "last of all", "the last points were left out of all sums; do the loops end too early?"
      ) { $0.used = { SamplesTask(x: Array($0.x.dropLast()), y: Array($0.y.dropLast())) } },
      Mistake("sorted", "the numbers of each point were sorted; a distance takes them as they are")
      {
        $0.used = { SamplesTask(x: $0.x.map { $0.sorted() }, y: $0.y.map { $0.sorted() }) }
      },
      Mistake("neighbours", "within a sample only neighbours were paired; pair all points") {
        $0.within.isPair = { i, j, _, _ in j == i + 1 }
        $0.within.divisor = { n, _, _ in n - 1 }
      },
      Mistake(
        "sums by points",
        "each sum was divided by the number of points, n + m; divide by that of pairs"
      ) { $0.everywhere.divisor = { n, m, _ in n + m } },
      Mistake(
        "nm throughout", "all sums were divided by n · m; within a sample there are n · n pairs"
      ) { $0.everywhere.divisor = { _, _, sizes in sizes.n * sizes.m } },
      Mistake(
        "n² in all", "all sums were divided by n · n; there are n · m and m · m pairs as well"
      ) { $0.everywhere.divisor = { _, _, sizes in sizes.n * sizes.n } },
      Mistake("n throughout", "the sums were divided by the number of points, not of pairs") {
        $0.everywhere.divisor = { n, _, _ in n }
      },
      Mistake(
        "(n + m)² throughout",
        "all sums were divided by (n + m)²; there are n · m, n · n and m · m pairs"
      ) { $0.everywhere.divisor = { _, _, sizes in (sizes.n + sizes.m) * (sizes.n + sizes.m) } },
    ]
  }
}
