import Autodiff
import Notebook
import Probability
import Testing

@testable import Ch03_KLIdentity

@Suite struct KLIdentityTests {
  static let record = Pages.klIdentity

  static func table(_ number: String, _ index: Int) -> Table? {
    record.section(number).compactMap { if case .table(let table) = $0 { table } else { nil } }
      .dropFirst(index).first
  }

  static func figures(_ number: String) -> [Figure] {
    record.section(number).compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }

  /// Every number that is checked is checked closely enough for a small error to be seen.
  @Test("Every check fails if its number is slightly wrong")
  func noCheckHoldsForOtherNumbers() {
    for number in Self.record.sections {
      for var check in Self.record.checks(number) {
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
  }

  @Test("Coding with the wrong distribution costs the divergence in bits")
  func theWrongCodeCostsTheDivergence() {
    // ⅛ · (−2) + ⅛ · (−1) + ¼ · 1 + ½ · 2 bits.
    guard case .equal(let cost, _, _) = Self.record.checks("3.1")[1].evidence else {
      Issue.record("not the check of the mean word")
      return
    }
    #expect(abs(cost.value - 0.875) < 1e-12)
    #expect(Self.table("3.1", 0)?.rows.map { $0[4] } == ["0", "10", "110", "111"])
  }

  @Test("Each slip in the identity of section 3.2 leaves a visible difference")
  func eachSlipShows() throws {
    let lines = try #require(Self.table("3.2", 0))
    let slips = try #require(Self.table("3.2", 1))
    #expect(lines.rows.count == 5 && slips.rows.count == 4)
    for row in lines.rows { #expect(try #require(Double(row[3])) < 1e-10) }
    for row in slips.rows { #expect(try #require(Double(row[3])) > 0.1) }
  }

  /// The sections' own sides of the identity, for another model, X and Q: the right formula holds,
  /// and no wrong one does.
  @Test(arguments: ScalarLatentModel.Curve.allCases)
  func theIdentityTellsRightFromWrong(curve: ScalarLatentModel.Curve) {
    let model = ScalarLatentModel(curve, amplitude: [0.9], rate: 1.3, logVariance: -1)
    let x = Tensor([0.4])
    let q = KLIdentity.normals([-0.3], deviation: [0.7])
    let evidence = model.logEvidence(of: x).scalar
    let gap = KLIdentity.gap(q, model, x).scalar
    let reconstruction = KLIdentity.reconstruction(q, model, x).scalar
    let divergence = q.klDivergenceToStandardNormal().scalar
    func holds(_ right: Double) -> Bool {
      Check(
        "", .equal(Quantity("", evidence - gap), Quantity("", right), tolerance: 1e-10)
      ).holds
    }
    #expect(holds(reconstruction - divergence))
    #expect(!holds(reconstruction + divergence))
    #expect(!holds(reconstruction - gap))
    #expect(!holds(reconstruction))
    #expect(!holds(model.logProbability(of: x, given: q.mean).scalar - divergence))
    let reversed = DiagonalNormal<Double>.standard.klDivergence(to: q).scalar
    #expect(!holds(reconstruction - reversed))
  }

  @Test("The maps of section 3.3 cut off what is far below, and mark their maximum")
  func theMapIsCutOffAndMarksItsBest() throws {
    let panels = try #require(Self.figures("3.3").first).panels
    #expect(panels.count == 2)
    for panel in panels {
      guard case .heatMap(let map) = panel.layers[0], case .points(let best) = panel.layers[1]
      else {
        Issue.record("no map with a point")
        return
      }
      #expect(map.rows.count == 40 && map.rows.allSatisfy { $0.count == 40 })
      let values = map.rows.joined()
      #expect(values.max()! - values.min()! <= 6)
      #expect(map.x.contains(best.x[0]) && map.y.contains(best.y[0]))
    }
    // The hill is where the valley is.
    guard case .heatMap(let bound) = panels[0].layers[0],
      case .heatMap(let gap) = panels[1].layers[0]
    else { return }
    let (bounds, gaps) = (Array(bound.rows.joined()), Array(gap.rows.joined()))
    #expect(bounds.firstIndex(of: bounds.max()!) == gaps.firstIndex(of: gaps.min()!))
  }

  /// The best Q and the prior: in both rows the bound and D add up to the same log P(X).
  @Test("In section 3.3 the prior's divergence is far above that of the best Q")
  func thePriorIsFarFromTheBest() throws {
    let rows = try #require(Self.table("3.3", 1)).rows.map { row in
      try row[1...].map { try #require(Double($0)) }
    }
    #expect(rows.count == 2 && rows[1][0] == 0 && rows[1][1] == 1)
    #expect(rows[1][3] > rows[0][3] + 1)
    for row in rows { #expect(abs(row[2] + row[3] + 0.895932793) < 2e-4) }
  }

  /// Each start ends on another hill, and the best of them is where K = 1 begins.
  @Test("In section 3.6 ascent ends on another maximum for each start")
  func theEndDependsOnTheStart() throws {
    let table = try #require(Self.table("3.6", 0))
    let gaps = try table.rows.map { try #require(Double($0[3])) }
    #expect(gaps[0] > gaps[1] + 1 && gaps[1] > gaps[2] + 0.1)
    let single = try #require(Self.table("3.6", 1)).rows[0]
    #expect(try abs(#require(Double(single[2])) - gaps[2]) < 1e-4)
  }

  /// What the two normals of 3.5 differ by: right for the posterior's moments, wrong for any others.
  @Test("The identity of section 3.5 holds only for a normal with the posterior's moments")
  func onlyTheMomentsCover() {
    let model = ScalarLatentModel(.sine, rate: 2, logVariance: .log(0.0625))
    let x = Tensor([0.5])
    let q = KLIdentity.normals([1.3], deviation: [0.2])
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

  @Test("With more components in Q, the divergence that remains falls")
  func capacityLowersTheFloor() throws {
    let gaps = try #require(Self.table("3.6", 1)).rows.map { try #require(Double($0[2])) }
    #expect(gaps.count == 6)
    #expect(gaps.first! > 0.5 && gaps.last! < 0.01)
  }

  /// The last rows of the second table: log P(X) up and the bound down, and both back again.
  @Test("In section 3.7 log P(X) rises while the bound falls")
  func theBoundIsNotTheEvidence() throws {
    let table = try #require(Self.table("3.7", 1))
    let rows = try table.rows.map { try $0[1...].map { try #require(Double($0)) } }
    #expect(rows[1][0] == rows[0][0], "inference alone leaves log P(X)")
    #expect(rows[4][0] > rows[3][0] + 1e-3)
    #expect(rows[4][1] < rows[3][1] - 1e-3)
    #expect(abs(rows[6][0] - rows[3][0]) < 1e-4)
    // To the six decimals that are printed, log P(X) = bound + divergence.
    for row in rows { #expect(abs(row[0] - row[1] - row[2]) < 2e-6) }
  }

  @Test("Section 3.7 says so if Q can fit the posterior exactly")
  func whatFitsExactlyIsSaid() {
    let record = Record(
      KLIdentity.chapter,
      arguments: ["--decoder", "linear", "--components", "1", "--latent", "1", "--symbols", "1000"])
    #expect(record.exitStatus == 0)
    #expect(record.section("3.7").contains { if case .note = $0 { true } else { false } })
  }

  @Test(arguments: [
    ["--decoder", "spiral"], ["--x", "2.5"], ["--noise", "0"], ["--latent", "51"],
    ["--components", "0"], ["--symbols", "999"],
  ]) func badKnobsAreRefused(arguments: [String]) {
    let record = Record(KLIdentity.chapter, arguments: arguments)
    #expect(record.exitStatus == 64 && record.blocks.isEmpty)
  }
}
