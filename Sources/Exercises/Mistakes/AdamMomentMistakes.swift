import Kernels

extension AdamMoment {
  /// The mistakes that can be made in a moment.
  static var mistakes: [Mistake<AdamMoment>] {
    correctionMistakes + shareMistakes + [
      Mistake(
        "corrected returned",
        "the corrected moment is returned; the next step starts from the uncorrected one",
        isCommon: true
      ) { $0.returned = { $0.corrected } },
      Mistake("before returned", "the moment from before the step is returned") {
        $0.returned = { $0.before }
      },
    ]
  }

  private static func correction(
    _ name: String, _ message: String, isCommon: Bool = false,
    _ correction: @escaping (_ decay: Double, _ step: Int) -> Double
  ) -> Mistake<AdamMoment> {
    Mistake(name, message, isCommon: isCommon) { $0.correction = correction }
  }

  private static var correctionMistakes: [Mistake<AdamMoment>] {
    [
      correction(
        "no correction",
        "the correction is missing: the moments began at 0, so divide by 1 − βᵗ", isCommon: true
      ) { _, _ in 1 },
      correction("power 1", "the correction is 1 − β in every step; it should be 1 − βᵗ") {
        decay, _ in 1 - decay
      },
      correction("power 2", "the correction is 1 − β² in every step; it should be 1 − βᵗ") {
        decay, _ in 1 - decay * decay
      },
      correction(
        "power t − 1", "the correction takes β to the power t − 1; in the first step, t is 1"
      ) { 1 - wholePower($0, $1 - 1) },
      correction(
        "power t + 1", "the correction takes β to the power t + 1; in the first step, t is 1"
      ) { 1 - wholePower($0, $1 + 1) },
      correction("βᵗ", "the correction divides by βᵗ; divide by 1 − βᵗ") { wholePower($0, $1) },
      correction("β", "the correction divides by β; divide by 1 − βᵗ") { decay, _ in decay },
      correction("power of 1 − β", "the correction is (1 − β)ᵗ; it should be 1 − βᵗ") {
        wholePower(1 - $0, $1)
      },
      correction("product", "the correction is 1 − βt; β has to be raised to the power t") {
        1 - $0 * Double($1)
      },
      correction(
        "power max(t − 1, 1)", "the correction takes β to the power t − 1 from step 2 on; take t"
      ) { 1 - wholePower($0, max($1 - 1, 1)) },
      correction("t to the power β", "the correction takes t to the power β; it is 1 − βᵗ") {
        1 - .exp($0 * .log(Double($1)))
      },
      correction("1 + βᵗ", "the correction divides by 1 + βᵗ; divide by 1 − βᵗ") {
        1 + wholePower($0, $1)
      },
      Mistake(
        "no brackets", "the correction is m / 1 − βᵗ, for lack of brackets; write m / (1 − βᵗ)"
      ) {
        $0.corrected = { $0 - (1 - $1) }
      },
      Mistake("multiplied", "the moment is multiplied by 1 − βᵗ; divide by it") {
        $0.corrected = { $0 * $1 }
      },
    ]
  }

  private static func shares(
    _ name: String, _ message: String, isCommon: Bool = false,
    old: @escaping (_ decay: Double, _ step: Int) -> Double,
    new: @escaping (_ decay: Double, _ step: Int) -> Double
  ) -> Mistake<AdamMoment> {
    Mistake(name, message, isCommon: isCommon) {
      $0.oldShare = old
      $0.newShare = new
    }
  }

  private static var shareMistakes: [Mistake<AdamMoment>] {
    func one(_: Double, _: Int) -> Double { 1 }
    func none(_: Double, _: Int) -> Double { 0 }
    func decay(_ decay: Double, _: Int) -> Double { decay }
    func rest(_ decay: Double, _: Int) -> Double { 1 - decay }
    return [
      shares(
        "shares exchanged",
        "β is the share of the old moment, and 1 − β that of the new term; here they are exchanged",
        isCommon: true, old: rest, new: decay),
      shares("whole new term", "the new term lacks its factor 1 − β", old: decay, new: one),
      shares("whole old moment", "the old moment lacks its factor β", old: one, new: rest),
      shares(
        "sum", "the old moment and the new term lack their factors β and 1 − β", old: one, new: one),
      shares(
        "β twice", "both terms have the factor β; the new one needs 1 − β", old: decay, new: decay),
      shares(
        "1 − β twice", "both terms have the factor 1 − β; the old one needs β", old: rest, new: rest
      ),
      shares(
        "powers", "the old moment has the share βᵗ; it should be β itself", old: wholePower,
        new: { 1 - wholePower($0, $1) }),
      shares(
        "power of the old share", "the old moment has the factor βᵗ; it should be β itself",
        old: wholePower, new: rest),
      shares("no old moment", "the old moment, times β, is missing", old: none, new: rest),
      shares(
        "new term alone", "that is the new term alone; the moment is a running mean", old: none,
        new: one),
      shares("no new term", "the new term, times 1 − β, is missing", old: decay, new: none),
      Mistake("minus", "the new term is subtracted; add it") {
        let term = $0.term
        $0.term = { -term($0, $1) }
      },
    ]
  }

  /// The mistakes in what v averages.
  static var squareMistakes: [Mistake<AdamUpdate>] {
    [
      Mistake<AdamMoment>("no square", "the gradient is not squared", isCommon: true) {
        $0.term = { gradient, _ in gradient }
      },
      Mistake<AdamMoment>("square of the share", "the factor 1 − β₂ is squared; square g alone") {
        $0.term = { gradient, share in gradient * gradient * share }
      },
      Mistake<AdamMoment>("absolute value", "the new term is |g|; it should be g²") {
        $0.term = { gradient, _ in abs(gradient) }
      },
      Mistake<AdamMoment>("double", "the new term is 2g; it should be g²") {
        $0.term = { gradient, _ in 2 * gradient }
      },
    ].within(\.second, "in v, ")
      + [
        Mistake<AdamMoment>("square", "the gradient is squared; that belongs in v alone") {
          $0.term = { gradient, _ in gradient * gradient }
        }
      ].within(\.first, "in m, ")
  }
}
