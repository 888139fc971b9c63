// 3.3 The identity: a normal Q that can be dragged over the map of all μ and σ, beside the posterior, and log P(X),
// which the bound and the divergence always add up to. All expectations are sums over a fine grid.

figures.identity = (stage, data) => {
  const { x, rate, noise, curve, logEvidence } = data;
  const g = { linear: u => u, tanh: Math.tanh, square: u => u * u, sine: Math.sin }[curve];
  /** log P(X|z), for X|z ~ N(f(z), noise²). */
  const logLikelihood = z => logNormal(x, g(rate * z), noise);
  /** log P(X, z). */
  const logJoint = z => logLikelihood(z) + logNormal(z, 0, 1);

  /** E[h(z)] for z from N(μ, σ²): a sum over z = μ + σε, with ε from −8 to 8 in steps of 16/n. */
  const rule = n => Array.from({ length: n + 1 }, (_, i) => {
    const ε = -8 + 16 * i / n;
    return { ε, weight: 16 / n * Math.exp(logNormal(ε, 0, 1)) };
  });
  const fine = rule(800), coarse = rule(100);
  const mean = (h, μ, σ, points) => points.reduce((sum, { ε, weight }) => sum + weight * h(μ + σ * ε), 0);

  /** The bound: E[log P(X|z)] − D[Q‖P(z)]. The posterior does not occur in it. */
  const bound = (μ, σ, points = fine) =>
    mean(logLikelihood, μ, σ, points) - 0.5 * (μ * μ + σ * σ - 1 - 2 * Math.log(σ));
  /** D[Q‖P(z|X)] = E[log Q(z) − log P(z|X)]: the bound does not occur in it. */
  const divergence = (μ, σ) => mean(z => logNormal(z, μ, σ) - (logJoint(z) - logEvidence), μ, σ, fine);

  const grid = Array.from({ length: 2001 }, (_, i) => -10 + i / 100);
  stage.check(logSumExp(grid.map(logJoint)) + Math.log(0.01), logEvidence, 1e-6);
  for (const q of data.checks) {
    stage.check(bound(q.mean, q.deviation), q.bound, 1e-6);
    stage.check(divergence(q.mean, q.deviation), q.gap, 1e-6);
  }

  // The map is computed once.
  const columns = 61, rows = 51, reach = { μ: [-3, 3], log2σ: [-4, 1] };
  const map = [];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const μ = -3 + 6 * (i + 0.5) / columns, log2σ = 1 - 5 * (j + 0.5) / rows;
      map.push((bound(μ, 2 ** log2σ, coarse) - logEvidence) / 6 + 1);  // 0 is 6 nats below, or more.
    }
  }

  let μ = data.start[0], log2σ = data.start[1];
  const plane = stage.plot({
    label: "The map of all normal Q; brighter is a greater bound", title: "the bound", x: reach.μ, y: reach.log2σ,
    aspect: 0.9, xLabel: "μ", yLabel: "log₂ σ", width: 320 });
  const densities = stage.plot({
    label: "The densities of prior, posterior and Q", title: "densities of z", x: [-3, 3], y: [0, data.highest * 1.25],
    aspect: 0.9, xLabel: "z", width: 320 });
  const bar = stage.plot({
    label: "log P(X), split into the bound and the divergence", title: "log P(X) = bound + divergence, in nats", x: [logEvidence - 12, logEvidence + 0.4],
    y: [0, 1], aspect: 0.1, leastHeight: 48, width: 640, whole: true, yTick: () => null });
  plane.drag({
    label: "Arrow keys move Q",
    point: () => [μ, log2σ],
    move: (a, b) => { [μ, log2σ] = [a, b]; },
  });
  stage.button("Follow the gradient", () => {
    let count = 0;
    stage.animate(() => {
      // Small steps in μ and log σ along the slope of the bound, taken from differences.
      const h = 1e-4, σ = 2 ** log2σ;
      const byμ = (bound(μ + h, σ) - bound(μ - h, σ)) / (2 * h);
      const byLogσ = (bound(μ, σ * Math.exp(h)) - bound(μ, σ * Math.exp(-h))) / (2 * h);
      const step = Math.min(0.02, 0.05 / Math.hypot(byμ, byLogσ));
      μ = clamp(μ + step * byμ, ...reach.μ);
      log2σ = clamp(log2σ + step * byLogσ / Math.LN2, ...reach.log2σ);
      return ++count < 600 && Math.hypot(byμ, byLogσ) > 1e-4;
    });
  });
  stage.button("Back to the prior", () => {
    stage.stop();
    [μ, log2σ] = [0, 0];
  });

  const zs = Array.from({ length: 241 }, (_, i) => -3 + i / 40);
  stage.draw(() => {
    const σ = 2 ** log2σ, ℒ = bound(μ, σ), d = divergence(μ, σ);
    plane.inside(() => {
      plane.keep("map", [], () => plane.shades(map, columns, { smooth: true, of: [[24, 36, 66, 255], [246, 226, 150, 255]] }));
      plane.dot(μ, log2σ, { color: "c1", radius: 8, ring: true });
    });
    densities.inside(() => {
      densities.line(zs.map(z => [z, Math.exp(logNormal(z, 0, 1))]), { color: "c0" });
      densities.line(zs.map(z => [z, Math.exp(logJoint(z) - logEvidence)]), { color: "c2" });
      densities.line(zs.map(z => [z, Math.exp(logNormal(z, μ, σ))]), { color: "c1" });
    });
    densities.key([["P(z)", "c0"], ["P(z|X)", "c2"], ["Q", "c1"]]);
    const low = bar.x[0];
    /** A part of the bar, and its name if there is room for it. */
    const part = (text, from, to, options) => {
      bar.line([[from, 0.2], [from, 0.8], [to, 0.8], [to, 0.2]], { fill: true, ...options });
      if (bar.px(to) - bar.px(from) > 70) bar.write(text, (bar.px(from) + bar.px(to)) / 2, bar.py(0.5) + 4);
    };
    bar.inside(() => {
      part("bound", low, Math.max(ℒ, low), { color: "c3", alpha: 0.45 });
      part("divergence", Math.max(ℒ, low), logEvidence, { color: "c2", alpha: 0.45 });
      bar.line([[logEvidence, 0], [logEvidence, 1]], { color: "text" });
    });
    stage.say(
      `Q = N(${formatted(μ)}, ${formatted(σ)}²): the bound ${formatted(ℒ, 4)} + D[Q‖P(z|X)] ${formatted(d, 4)} = `
      + `${formatted(ℒ + d, 4)} = log P(X), wherever Q is.`);
  });
};
