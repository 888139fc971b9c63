import Exercises

extension SampleDistance {
  static var mistakes: [Mistake<SampleDistance>] { wholes + pairs + counts + distances }

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
      ("square", "the result was squared", { (2 * $0 - $1 - $2) * (2 * $0 - $1 - $2) }),
    ]
    return wholes.map { name, message, whole in
      Mistake(name, message, isCommon: ["once", "added"].contains(name)) { $0.whole = whole }
    }
  }

  private static var pairs: [Mistake<SampleDistance>] {
    [
      Mistake("same index", "only points with the same index were paired; pair each x with each y")
      {
        $0.between = { i, j, _, _ in i == j }
        $0.betweenCount = { min($0, $1) }
      },
      Mistake("first x", "only the first point of x was paired with y; each point counts") {
        $0.between = { i, _, _, _ in i == 0 }
      },
      Mistake("first y", "only the first point of y was paired with x; each point counts") {
        $0.between = { _, j, _, _ in j == 0 }
      },
      Mistake(
        "last pair", "only the last pair of X and Y counts; add the distances up with +="
      ) { $0.between = { i, j, n, m in i == n - 1 && j == m - 1 } },
      Mistake("last pairs", "only the last pair of each mean counts; add the distances up with +=")
      {
        $0.between = { i, j, n, m in i == n - 1 && j == m - 1 }
        $0.within = { i, j, n, m in i == n - 1 && j == m - 1 }
      },
      Mistake("not the last x", "the last point of x is left out of E‖X − Y‖") {
        $0.between = { i, _, n, _ in i < n - 1 }
      },
      Mistake("not the last y", "the last point of y is left out of E‖X − Y‖") {
        $0.between = { _, j, _, m in j < m - 1 }
      },
      Mistake("first pair", "only the first pair of X and Y counts; does a loop return too early?")
      {
        $0.between = { i, j, _, _ in i == 0 && j == 0 }
      },
      Mistake("neighbours", "within a sample only neighbours were paired; pair all points") {
        $0.within = { i, j, _, _ in j == i + 1 }
        $0.withinCount = { own, _, _ in own - 1 }
      },
      Mistake("triangle", "only the pairs i < j of x and y were summed; here all n · m count") {
        $0.between = { i, j, _, _ in i < j }
      },
    ]
  }

  private static var counts: [Mistake<SampleDistance>] {
    [
      Mistake(
        "no pair with itself",
        "the pairs of a point with itself were left out, as in section 1.5; here they count, with "
          + "distance 0", isCommon: true
      ) { $0.withinCount = { own, _, _ in own * (own - 1) } },
      Mistake("sums", "those are sums over the pairs; take means", isCommon: true) {
        $0.betweenCount = { _, _ in 1 }
        $0.withinCount = { _, _, _ in 1 }
      },
      Mistake("sum between", "the distances between X and Y were summed; take their mean") {
        $0.betweenCount = { _, _ in 1 }
      },
      Mistake("sums within", "the distances within a sample were summed; take their mean") {
        $0.withinCount = { _, _, _ in 1 }
      },
      Mistake("n within", "the sum within a sample was divided by n; there are n · n pairs") {
        $0.withinCount = { own, _, _ in own }
      },
      Mistake("n between", "the sum between X and Y was divided by n; there are n · m pairs") {
        $0.betweenCount = { n, _ in n }
      },
      Mistake("m between", "the sum between X and Y was divided by m; there are n · m pairs") {
        $0.betweenCount = { _, m in m }
      },
      Mistake("n + m", "the sum between X and Y was divided by n + m; there are n · m pairs") {
        $0.betweenCount = { $0 + $1 }
      },
      Mistake(
        "sums", "each sum was divided by the number of points, n + m; divide by that of pairs"
      ) {
        $0.betweenCount = { $0 + $1 }
        $0.withinCount = { own, _, _ in own + own }
      },
      Mistake(
        "nm throughout", "all sums were divided by n · m; within a sample there are n · n pairs"
      ) {
        $0.withinCount = { _, n, m in n * m }
      },
      Mistake("n² throughout", "the sum within Y was divided by n · n; it has m · m pairs") {
        $0.withinCount = { _, n, _ in n * n }
      },
      Mistake(
        "n² in all", "all sums were divided by n · n; there are n · m and m · m pairs as well"
      ) {
        $0.betweenCount = { n, _ in n * n }
        $0.withinCount = { _, n, _ in n * n }
      },
      Mistake("n²", "the sum between X and Y was divided by n · n; there are n · m pairs") {
        $0.betweenCount = { n, _ in n * n }
      },
      Mistake("m²", "the sum between X and Y was divided by m · m; there are n · m pairs") {
        $0.betweenCount = { _, m in m * m }
      },
      Mistake("n throughout", "the sums were divided by the number of points, not of pairs") {
        $0.betweenCount = { n, _ in n }
        $0.withinCount = { own, _, _ in own }
      },
      Mistake("(n − 1)²", "the sum within a sample was divided by (n − 1)²; there are n · n pairs")
      {
        $0.withinCount = { own, _, _ in (own - 1) * (own - 1) }
      },
      Mistake(
        "all pairs halved",
        "the sum within a sample was divided by n(n − 1)/2, the number of pairs "
          + "i < j, but all pairs were summed"
      ) { $0.withinCount = { own, _, _ in own * (own - 1) / 2 } },
    ]
  }

  private static var distances: [Mistake<SampleDistance>] {
    let distances: [(String, String, ([Double]) -> Double)] = [
      (
        "squares",
        "the distances were squared; then only the distance between the means of the two samples is "
          + "left", { $0.reduce(0) { $0 + $1 * $1 } }
      ),
      (
        "sums of sizes", "the distance is the root of the sum of squares, not the sum of sizes",
        { $0.reduce(0) { $0 + abs($1) } }
      ),
      (
        "largest", "the distance is the root of the sum of squares, not the largest difference",
        { $0.map { abs($0) }.max() ?? 0 }
      ),
      ("first coordinate", "only the first coordinate enters the distance", { abs($0[0]) }),
      (
        "two coordinates", "only the first two coordinates enter the distance; d may be larger",
        { length(Array($0.prefix(2))) }
      ),
      ("last coordinate", "only the last coordinate enters the distance", { abs($0.last ?? 0) }),
      (
        "mean square", "the squares of the coordinates were averaged; the distance has their sum",
        { length($0) / Double($0.count).squareRoot() }
      ),
      (
        "size of the sum", "the differences were added before they were squared",
        { abs($0.reduce(0, +)) }
      ),
      (
        "half square", "the distance is ‖x − y‖, not half of its square",
        { $0.reduce(0) { $0 + $1 * $1 } / 2 }
      ),
      (
        "signs", "the differences were added with their signs; the distance is a length",
        { $0.reduce(0, +) }
      ),
    ]
    return distances.map { name, message, distance in
      Mistake(name, message, isCommon: name == "squares") {
        $0.distance = { p, q in distance(zip(p, q).map { $0 - $1 }) }
      }
    } + [
      Mistake("sum of points", "the points were added; a distance is the length of x − y") {
        $0.distance = { p, q in length(zip(p, q).map { $0 + $1 }) }
      },
      Mistake(
        "epsilon",
        "something small was added under the root; the distance of a point to itself "
          + "is 0, and a root of 0 is no problem here"
      ) {
        $0.distance = { p, q in
          (zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } + 1e-8).squareRoot()
        }
      },
      Mistake(
        "smaller epsilon",
        "something small was added under the root; the distance of a point to "
          + "itself is 0, and a root of 0 is no problem here"
      ) {
        $0.distance = { p, q in
          (zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } + 1e-12).squareRoot()
        }
      },
    ]
  }
}
