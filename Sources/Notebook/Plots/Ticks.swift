import Kernels

/// A number beside an axis.
struct Tick: Equatable, Sendable {
  /// The number.
  let value: Double
  /// The number as it is written: "−0.5", "10³".
  let label: String
  /// The number in ASCII: "-0.5", "1e3".
  let plainLabel: String
}

extension PlotScale {
  /// Round numbers between the ends, ascending: 1, 2 or 5 times a power of ten apart, or powers of
  /// ten on a logarithmic axis, with 2 and 5 times them if there are few. There are at least three
  /// unless fewer than 8 are allowed.
  func ticks(atMost count: Int = 8) -> [Tick] {
    guard kind == .logarithmic else { return labelled(linearTicks(lower, upper, atMost: count)) }
    let powers = powersOfTen(atMost: count)
    if powers.count >= 3 { return labelled(powers) }
    let finer = tensWithTwosAndFives()
    if finer.count >= 3, finer.count <= count { return labelled(finer) }
    // Less than a decade is nearly straight.
    if finer.count < 3 { return labelled(linearTicks(number(at: 0), number(at: 1), atMost: count)) }
    return labelled(powers)
  }

  private func powersOfTen(atMost count: Int) -> [RoundNumber] {
    linearTicks(lower, upper, atMost: count, smallestExponent: 0).map { exponent in
      RoundNumber(significand: 1, exponent: Int(exponent.value))
    }
  }

  private func tensWithTwosAndFives() -> [RoundNumber] {
    (Int(lower.rounded(.down))...Int(upper.rounded(.up))).flatMap { exponent in
      [1, 2, 5].map { RoundNumber(significand: $0, exponent: exponent) }
    }.filter { number in
      position(of: number.value).map { -1e-9...(1 + 1e-9) ~= $0 } ?? false
    }
  }

  /// The multiples of the smallest step, of 1, 2 or 5 times a power of ten, of which there are no
  /// more than allowed. The next smaller step is at most 2.5 times smaller and has more than
  /// `count`: more than (`count` − 1) / 2.5 − 1 are left, and that is 2 for 8.
  private func linearTicks(
    _ lower: Double, _ upper: Double, atMost count: Int, smallestExponent: Int? = nil
  ) -> [RoundNumber] {
    let tenth = Double.log((upper - lower) / 10) / Double.log(10)
    var exponent = max(Int(tenth.rounded(.down)) - 1, smallestExponent ?? -310)
    while true {
      for digit in [1, 2, 5] {
        let step = RoundNumber(significand: digit, exponent: exponent).value
        let first = (lower / step - 1e-9).rounded(.up)
        let last = (upper / step + 1e-9).rounded(.down)
        if last - first < Double(max(count, 1)) {
          return stride(from: first, through: last, by: 1).map {
            RoundNumber(significand: Int($0) * digit, exponent: exponent)
          }
        }
      }
      exponent += 1
    }
  }

  /// The numbers that have a place, all in the same notation: as decimal fractions unless there are
  /// very large or small ones.
  private func labelled(_ numbers: [RoundNumber]) -> [Tick] {
    let numbers = numbers.filter { position(of: $0.value) != nil }
    let sizes = numbers.map { abs($0.value) }
    let isPlain =
      sizes.allSatisfy { $0 < 1e6 }
      && numbers.allSatisfy { $0.exponent >= (kind == .linear ? -4 : -3) }
      && (kind == .linear || sizes.allSatisfy { $0 <= 1e4 })
    return numbers.map { number in
      let label = isPlain ? number.decimal : number.scientific
      return Tick(
        value: number.value, label: label,
        plainLabel: isPlain ? inASCII(label) : number.scientificInASCII)
    }
  }
}

/// A whole number times a power of ten, which has no binary rounding error.
private struct RoundNumber {
  var significand: Int
  var exponent: Int

  /// The nearest binary fraction.
  var value: Double { Double("\(significand)e\(exponent)")! }

  private var sign: String { significand < 0 ? "−" : "" }
  private var digits: String { String(significand.magnitude) }

  /// Such as "−0.50" for −50 · 10⁻².
  var decimal: String {
    guard exponent < 0 else { return formatted(Int(value)) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
  }

  /// Such as "−2.5×10⁻⁷" for −25 · 10⁻⁸, and "10³".
  var scientific: String {
    guard significand != 0 else { return "0" }
    let (factor, power) = normalized
    let raised = String("\(power)".map { MathSymbol.superscripts[$0 == "-" ? "−" : $0]! })
    switch power {
    case 0: return sign + factor
    default: return sign + (factor == "1" ? "" : factor + "×") + "10" + (power == 1 ? "" : raised)
    }
  }

  /// Such as "-2.5e-7" and "1e3".
  var scientificInASCII: String {
    guard significand != 0 else { return "0" }
    let (factor, power) = normalized
    return inASCII(sign) + factor + (power == 0 ? "" : "e\(power)")
  }

  /// The number as a factor between 1 and 10 without needless zeros, and a power of ten.
  private var normalized: (factor: String, power: Int) {
    let power = exponent + digits.count - 1
    let significant = String(digits.reversed().drop { $0 == "0" }.reversed())
    let rest = significant.dropFirst()
    return (significant.prefix(1) + (rest.isEmpty ? "" : "." + rest), power)
  }
}
