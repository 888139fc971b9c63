import Autodiff
import Notebook
import Probability
import Testing

@testable import Ch03_KLIdentity

@Suite struct Ch03KLIdentityTests {
  static let seed = SeededGenerator(seed: 2013)
  static var model: ScalarLatentModel {
    ScalarLatentModel(.sine, rate: 2, logVariance: 2 * .log(0.25))
  }
  static var x: Tensor<Double> { Tensor([0.5]) }
  static let codes = CodeLengths(messageLength: 24_000, using: seed.stream(1))
  static var derivation: Derivation { Derivation(model, x, using: seed.stream(2)) }
  static let everyQ = EveryQ(model, x)
  static let dimensions = ManyDimensions(upTo: 5, using: seed.stream(4))
  static let divergences = NormalDivergences(
    model, x, seeking: everyQ.best, using: seed.stream(5))
  static let ascent = GradientAscent(
    model, x, from: everyQ.best, components: 3, using: seed.stream(6),
    ProgressDisplay(on: .silent))
  static let learning = LearningAndInference(.sine, using: seed.stream(7))

  private func equal(_ left: Double, _ right: Double) -> Bool {
    Check("", .equal(Quantity("", left), Quantity("", right), tolerance: 1e-10)).holds
  }

  private func measures(_ estimate: MonteCarloEstimate, _ expected: Double) -> Bool {
    Check(
      "",
      .measured(
        Quantity("", estimate.mean), expected: Quantity("", expected),
        standardError: estimate.standardError)
    ).holds
  }

  @Test("Every check fails if its number is slightly wrong")
  func noCheckHoldsForOtherNumbers() {
    for var check in Pages.klIdentity.checks {
      switch check.evidence {
      case .equal(var left, let right, let tolerance):
        left.value += 1e-5
        // What is counted in whole letters is off by one at least.
        if tolerance == 0 { left.value += 1 }
        check.evidence = .equal(left, right, tolerance: tolerance)
      case .measured(var mean, let expected, let standardError):
        #expect(standardError < 0.02 * abs(expected.value))
        mean.value += 9 * standardError
        check.evidence = .measured(mean, expected: expected, standardError: standardError)
      case .atMost(let left, let right, _):
        check.evidence = .atMost(right, left)
      case .small(var difference, let tolerance):
        difference.value += 1e-5
        check.evidence = .small(difference, tolerance: tolerance)
      case .greater(let left, let right, let standardError):
        check.evidence = .greater(right, than: left, standardError: standardError)
      case .sameBits, .sameText: continue
      }
      #expect(!check.holds, "\(check.claim)")
    }
  }

  // MARK: - 3.1

  /// ⅛ · (−2) + ⅛ · (−1) + ¼ · 1 + ½ · 2 bits.
  @Test("Coding with the wrong distribution costs the divergence in bits")
  func theWrongCodeCostsTheDivergence() {
    let exact = Self.codes.exact
    #expect(abs(exact.meanExtraBits - 0.875) < 1e-12)
    #expect(
      exact.forP.words == [[false], [true, false], [true, true, false], [true, true, true]])
    #expect(exact.decoded == exact.message && exact.message.count == 24_000)
    #expect(measures(exact.extraBits, exact.divergence))
  }

  @Test("The divergence in the other order is not the cost of the wrong code")
  func theOtherOrderIsNotTheCost() {
    let blocks = Self.codes.blocks
    let reversed = blocks.p.klDivergence(to: blocks.q) / .log(2)
    #expect(measures(blocks.unrounded, blocks.divergence))
    #expect(!measures(blocks.unrounded, reversed))
  }

  @Test("Shannon's code for blocks of n letters costs between D and D + 1/n extra bits")
  func shannonsCodeStaysInItsCorridor() {
    let blocks = Self.codes.blocks
    for row in blocks.rows {
      let excess = row.extraBits - blocks.divergence
      #expect(excess >= 0 && excess < 1 / Double(row.n))
      // The message has thousands of blocks.
      #expect(abs(row.counted - row.extraBits) < 0.05)
    }
    #expect(blocks.rows.map(\.wordCount) == [3, 9, 27, 81, 729, 6561])
  }

  @Test("Huffman's code costs the divergence from the distribution that its words fit")
  func huffmansCodeIsOneForAnotherDistribution() {
    let blocks = Self.codes.blocks
    #expect(blocks.huffman.lengths == [2, 2, 1])
    #expect(equal(blocks.huffmanExtraBits, blocks.impliedDivergence))
    #expect(!equal(blocks.huffmanExtraBits, blocks.divergence))
  }

  // MARK: - 3.2

  @Test("Each line of the derivation holds, and each slip leaves a visible difference")
  func everyLineHoldsAndEverySlipShows() {
    let derivation = Self.derivation
    #expect(derivation.lines.count == 5 && derivation.slips.count == 4)
    for line in derivation.lines { #expect(abs(line.difference) < 1e-10, "\(line.name)") }
    for slip in derivation.slips { #expect(abs(slip.difference) > 0.1, "\(slip.name)") }
    for encoded in derivation.encoded { #expect(abs(encoded.terms.difference) < 1e-10) }
    #expect(Set(derivation.encoded.map(\.terms.gap)).count == 5)
  }

  @Test(
    "The identity holds for the right formula and for no wrong one",
    arguments: ScalarLatentModel.Curve.allCases)
  func theIdentityTellsRightFromWrong(curve: ScalarLatentModel.Curve) {
    let model = ScalarLatentModel(curve, amplitude: [0.9], rate: 1.3, logVariance: -1)
    let x = Tensor([0.4])
    let q = DiagonalNormal(means: [-0.3], deviations: [0.7])
    let gap = model.gap(q, x).scalar
    let left = model.logEvidence(of: x).scalar - gap
    let reconstruction = model.reconstruction(q, x).scalar
    let divergence = q.klDivergenceToStandardNormal().scalar
    #expect(equal(left, model.bound(q, x).scalar))
    #expect(equal(left, reconstruction - divergence))
    #expect(!equal(left, reconstruction + divergence))
    #expect(!equal(left, reconstruction - gap))
    #expect(!equal(left, reconstruction))
    #expect(!equal(left, model.logProbability(of: x, given: q.mean).scalar - divergence))
    let reversed = DiagonalNormal<Double>.standard.klDivergence(to: q).scalar
    #expect(!equal(left, reconstruction - reversed))
  }

  @Test("With bits back, a letter costs −ℒ: D[Q‖P(z|X)] more than −log P(X)")
  func bitsBackCostTheBound() {
    let code = Self.derivation.bitsBack
    #expect(code.received == code.message && code.fileReceived == code.fileBits)
    #expect(measures(code.netCodes, code.divergence))
    #expect(measures(code.netBits, code.reconstruction + code.divergence))
    #expect(!measures(code.netBits, code.entropy))
    #expect(equal(code.reconstruction + code.divergence - code.entropy, code.gap))
    #expect(code.gap > 0.1 && code.shortest > code.netBits.mean + 0.5)
  }

  // MARK: - 3.3

  @Test("The bound is largest where the divergence from the posterior is smallest")
  func theHillIsWhereTheValleyIs() {
    let map = Self.everyQ
    #expect(map.bounds.count == 1600)
    let highest = map.bounds.firstIndex(of: map.bounds.max()!)!
    #expect(map.gaps.firstIndex(of: map.gaps.min()!) == highest)
    // Rows are of one log₂ σ, and in each μ goes from left to right.
    #expect(abs(map.bestPlace[0] - (-2.925 + 0.15 * Double(highest % 40))) < 1e-12)
    #expect(abs(map.bestPlace[1] - (-3.9375 + 0.125 * Double(highest / 40))) < 1e-12)
    #expect(map.best.mean == map.bestPlace[0])
  }

  /// For the best Q and for the prior, the bound and D add up to the same log P(X).
  @Test("In section 3.3 the prior's divergence is far above that of the best Q")
  func thePriorIsFarFromTheBest() {
    let (best, prior) = (Self.everyQ.candidates[0], Self.everyQ.candidates[1])
    #expect(prior.mean == 0 && prior.deviation == 1)
    #expect(prior.gap > best.gap + 1)
    for q in [best, prior] { #expect(equal(q.bound + q.gap, Self.everyQ.logEvidence)) }
  }

  // MARK: - 3.4

  @Test("Samples from Q give the bound, and samples from the posterior log P(X)")
  func samplesMeasureTheBoundAndNotTheEvidence() {
    let terms = Self.dimensions.rows.last!.terms
    #expect(Self.dimensions.rows.map(\.d) == [1, 2, 5])
    #expect(measures(Self.dimensions.sampled, terms.logEvidence - terms.gap))
    #expect(!measures(Self.dimensions.sampled, terms.logEvidence))
    for sample in Self.dimensions.fromPosterior { #expect(equal(sample, terms.logEvidence)) }
  }

  // MARK: - 3.5

  @Test("The divergence of section 3.5 has the same bits as the library's", arguments: 1...6)
  func theDivergenceOfTwoNormalDistributions(d: Int) {
    var generator = SeededGenerator(seed: 74)
    let q = MultivariateNormal.random(d, using: &generator)
    let p = MultivariateNormal.random(d, using: &generator)
    let divergence = NormalDivergences.divergence(of: q, from: p)
    #expect(divergence == q.klDivergence(to: p).scalar)
    // With one component both have the variance ¼, and D does not depend on the order.
    #expect(divergence != p.klDivergence(to: q).scalar || d == 1)
    #expect(abs(NormalDivergences.divergence(of: q, from: q)) < 1e-14)
  }

  @Test("The mean of log Q/P over samples from Q is the divergence")
  func samplesOfTheLogRatioMeasureTheDivergence() {
    for pair in Self.divergences.pairs {
      let estimate = MonteCarloEstimate(pair.logRatios)
      #expect(measures(estimate, pair.closedForm))
      #expect(!measures(estimate, pair.closedForm + 0.3))
      #expect(pair.closedForm > 0)
    }
    #expect(Self.divergences.pairs[1].logRatios.contains { $0 < 0 })
    #expect(Self.divergences.smallest > 0)
  }

  @Test("The Q that seeks is nearer in D[Q‖P], the Q that covers in D[P‖Q]")
  func eachCandidateIsNearerInItsDirection() {
    let (seeking, covering) = (Self.divergences.seeking, Self.divergences.covering)
    #expect(seeking.gap < covering.gap && seeking.reversedGap > covering.reversedGap)
    #expect(equal(seeking.reversedGap - covering.reversedGap, Self.divergences.betweenThem))
  }

  @Test("The identity of section 3.5 holds only for a normal with the posterior's moments")
  func onlyTheMomentsCover() {
    let (model, x) = (Self.model, Self.x)
    let q = DiagonalNormal(means: [1.3], deviations: [0.2])
    func divergence(to q: DiagonalNormal<Double>) -> Double {
      model.posteriorExpectation(given: x) { z in
        model.logPosterior(of: z, given: x) - q.logProbability(of: z)
      }.scalar
    }
    func residual(_ covering: DiagonalNormal<Double>) -> Double {
      divergence(to: q) - divergence(to: covering) - covering.klDivergence(to: q).scalar
    }
    let moments = model.posteriorMoments(given: x)
    #expect(abs(residual(moments)) < 1e-10)
    // log M − log Q = a z² + …, a = ½ (1/0.2² − 1/σ²) ≈ 12, with its vertex near 1.3: a mean that is
    // off by δ leaves about 2a δ, and a log variance that is off by δ about a σ² δ; σ² ≈ 0.9.
    var shifted = moments
    shifted.mean = shifted.mean + Tensor(1e-3)
    #expect(abs(residual(shifted)) > 5e-3)
    var wider = moments
    wider.logVariance = wider.logVariance + Tensor(1e-3)
    #expect(abs(residual(wider)) > 5e-3)
  }

  // MARK: - 3.6

  /// The largest −(μ − 1)² is at 1, and every model on the way is kept.
  @Test("Gradient ascent finds the maximum of a parabola and keeps the models on the way")
  func gradientAscentFindsTheTopOfAParabola() {
    let start = NormalMixture(Normal(mean: 0, variance: 1))
    let path = gradientAscent(from: start, steps: 200) { -($0.mean - 1).squared.sum() }
    #expect(path.count == 201 && path[0].mean.scalar == 0)
    #expect(abs(path.last!.mean.scalar - 1) < 1e-3)
  }

  /// Each start ends on another hill, and a mixture of one begins at the best of them.
  @Test("In section 3.6 gradient ascent ends on another maximum for each start")
  func theEndDependsOnTheStart() {
    let gaps = Self.ascent.starts.map { $0.ends.map(\.gap) }
    #expect(gaps[0][0] > gaps[1][0] + 1 && gaps[1][0] > gaps[2][0] + 0.1)
    #expect(abs(Self.ascent.mixtures.fits[0].gap - gaps[2][0]) < 1e-4)
    // With steps that are too short to leave it, the ascent stays on the hill where it starts.
    #expect(abs(gaps[2][1] - gaps[1][1]) < 1e-4 && gaps[2][1] > gaps[2][0] + 0.1)
  }

  @Test("Gradient ascent reaches a normal posterior, but not one with several peaks")
  func aNormalPosteriorIsReachedAndAnotherIsNot() {
    #expect(Self.ascent.linearGaps.last! < 1e-8 && Self.ascent.linearGaps.first! > 0.1)
    #expect(Self.ascent.gaps.last! > 0.5)
  }

  @Test("With more components in Q, the divergence that remains falls")
  func capacityLowersTheFloor() {
    let mixtures = Self.ascent.mixtures.fits
    #expect(mixtures.map(\.components) == [1, 2, 3])
    #expect(mixtures[0].gap > 0.5 && mixtures[2].gap < 0.1)
    for mixture in mixtures {
      #expect(mixture.gap <= mixture.largestGap)
      #expect(equal(mixture.bound + mixture.gap, Self.ascent.mixtures.logEvidence))
    }
  }

  @Test("A diagonal Q keeps −½ log(1 − ρ²) nats from a correlated posterior, a full one none")
  func independentComponentsCannotFollowACorrelation() {
    let rows = Self.ascent.correlated.rows
    // X = z₁ + z₂ + noise gives the precision I + 11ᵀ/σ², so ρ = −1/(1 + σ²).
    for (row, noise) in zip(rows, [1, 0.5, 0.25]) {
      let ρ = -1 / (1 + noise * noise)
      #expect(abs(row.correlation - ρ) < 1e-12)
      #expect(abs(row.diagonalGaps.last! + 0.5 * .log(1 - ρ * ρ)) < 1e-8)
      #expect(row.fullGaps.last! < 1e-8 && row.fullGaps.first! > 0.1)
      #expect(abs(row.relativeDeviation - (1 - ρ * ρ).squareRoot()) < 1e-4)
    }
  }

  @Test("One Q for all X costs nats that a Q for each X does not")
  func sharingAQCosts() {
    for study in Self.ascent.oneForAll.studies {
      #expect(equal(study.bestGap, study.bestGapByDefinition))
      #expect(study.priorGap > study.normalGap && study.normalGap > study.bestGap - 1e-10)
      #expect(study.bestGap > study.eachGap + 1)
    }
    let linear = Self.ascent.oneForAll.studies[0]
    #expect(equal(linear.bestGap, linear.distanceFromBest))
    #expect(linear.eachGap < 1e-6)
    // The posteriors are N(m, v) with v = σ²/(1 + σ²) and m = X/(1 + σ²): half the variance of m, over v.
    let m = Tensor(linear.examples) / 1.0625
    let spread = (m - m.mean()).squared.mean().scalar
    #expect(abs(linear.bestGap - spread / (2 * 0.0625 / 1.0625)) < 1e-8)
  }

  // MARK: - 3.7

  @Test("One Q for all X leads to a decoder that ignores z")
  func aSharedQTeachesNothing() {
    for study in [Self.learning.exact, Self.learning.inexact] {
      #expect(abs(study.shared.logEvidence - study.largestWithoutZ) < 1e-6)
      #expect(study.both.logEvidence > study.largestWithoutZ + 0.5)
    }
  }

  @Test("Joint training ends with Q at the prior if the noise exceeds the spread of the examples")
  func jointTrainingCollapses() {
    let rows = Self.learning.collapse.rows
    let variance = Collapse.largestVariance(
      Tensor(Self.learning.exact.examples, shape: [60, 1, 2]))
    for row in rows {
      let collapses = row.noise * row.noise > variance
      #expect((row.divergence < 1e-6) == collapses && (row.slope < 1e-3) == collapses)
      #expect(abs(row.divergence - row.expectedDivergence) < 1.5 * lastStep(steps: 500))
    }
    #expect(rows.first!.divergence > 1 && rows.last!.divergence < 1e-6)
  }

  @Test("Inference leaves log P(X) as it is, and the identity holds at every stage")
  func inferenceLeavesTheEvidenceAlone() {
    for study in [Self.learning.exact, Self.learning.inexact] {
      let (start, inference) = (study.stages[0], study.stages[1])
      #expect(inference.logEvidence == start.logEvidence)
      #expect(inference.bound > start.bound + 0.05)
      for stage in study.stages + study.together {
        #expect(equal(stage.logEvidence - stage.gap, stage.bound))
      }
    }
  }

  @Test("Where Q can match the posterior, the bound leads to the largest log P(X)")
  func whereQCanMatchTheBoundFindsTheLargestEvidence() throws {
    let exact = Self.learning.exact
    let largest = try #require(exact.largestPossible)
    #expect(abs(exact.both.logEvidence - largest) < 1e-6)
    #expect(exact.stages[2].logEvidence < largest - 0.5, "learning without inference")
    #expect(Self.learning.inexact.largestPossible == nil)
  }

  @Test("In section 3.7 log P(X) rises while the bound falls")
  func theBoundIsNotTheEvidence() {
    let study = Self.learning.inexact
    #expect(study.likelier.logEvidence > study.both.logEvidence + 1e-3)
    #expect(study.likelier.bound < study.both.bound - 1e-3)
    #expect(abs(study.stages.last!.logEvidence - study.both.logEvidence) < 1e-4)
  }

  // MARK: - The chapter

  @Test("Section 3.7 says so if Q can fit the posterior exactly")
  func whatFitsExactlyIsSaid() {
    let record = Record(
      KLIdentity.chapter,
      arguments: ["--decoder", "linear", "--components", "1", "--latent", "1", "--symbols", "1000"])
    #expect(record.exitStatus == 0)
    #expect(record.section("3.7").contains { if case .note = $0 { true } else { false } })
  }

  @Test("A section alone is the same as in the whole run", arguments: ["3.4", "3.5"])
  func aSectionAloneIsTheSameAsInTheWholeRun(number: String) {
    let record = Record(KLIdentity.chapter, arguments: ["--section", number])
    #expect(record.sections == [number])
    #expect(record.section(number) == Pages.klIdentity.section(number))
  }

  @Test(
    "Knobs outside their range are refused",
    arguments: [
      ["--decoder", "spiral"], ["--x", "2.5"], ["--noise", "0"], ["--latent", "51"],
      ["--components", "0"], ["--symbols", "999"],
    ])
  func badKnobsAreRefused(arguments: [String]) {
    let record = Record(KLIdentity.chapter, arguments: arguments)
    #expect(record.exitStatus == 64 && record.blocks.isEmpty)
  }
}
