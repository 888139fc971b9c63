// 4.2 and 4.3 Where the noise enters: one sample on its way through the model, with the gradient of every box, and the
// gradients of many samples, along the path and by the score function.

figures.noise = (stage, data) => {
  const { X, ε } = data;
  /** Value and derivative of everything for one ε. If z is drawn inside, it passes no gradient on. */
  function run(μ, σ, w, ε, isOutside) {
    const z = μ + σ * ε, error = (X - w * z) ** 2, byz = -2 * w * (X - w * z);
    return {
      z, error, byz, byw: -2 * z * (X - w * z),
      byμ: isOutside ? byz : 0, byσ: isOutside ? ε * byz : 0,
    };
  }
  for (const c of data.checks) {
    const r = run(c.mean, c.deviation, c.weight, ε, true);
    [[r.error, c.error], [r.byμ, c.gradient[0]], [r.byσ, c.gradient[1]], [r.byw, c.gradient[2]]]
      .forEach(([computed, expected]) => stage.check(computed, expected, 1e-9));
  }

  // The functions whose mean over z ~ N(μ, σ²) is differentiated with respect to μ.
  const functions = [
    { name: "h(z) = z²", h: z => z * z, slope: z => 2 * z, truth: μ => 2 * μ },
    {
      name: "h(z) = sin 10z", h: z => Math.sin(10 * z), slope: z => 10 * Math.cos(10 * z),
      truth: (μ, σ) => 10 * Math.cos(10 * μ) * Math.exp(-50 * σ * σ),
    },
  ];
  const path = ({ slope }, μ, σ, ε) => slope(μ + σ * ε);
  const score = ({ h }, μ, σ, ε) => h(μ + σ * ε) * ε / σ;
  /** The variance of an estimate from one sample, by a sum over a fine grid of ε. */
  function variance(estimate, f, μ, σ) {
    let sum = 0;
    for (let i = 0; i <= 4000; i++) {
      const e = -10 + i / 200;
      sum += Math.exp(logNormal(e, 0, 1)) / 200 * estimate(f, μ, σ, e) ** 2;
    }
    return sum - f.truth(μ, σ) ** 2;
  }
  for (const c of data.variances) {
    const f = functions[c.function];
    stage.check(variance(path, f, c.mean, c.deviation) / c.path, 1, 1e-6);
    stage.check(variance(score, f, c.mean, c.deviation) / c.score, 1, 1e-6);
  }

  const graph = stage.plot({
    label: "The graph of one sample, with values and gradients", x: [0, 100], y: [0, 40], hasAxes: false, width: 640,
    whole: true, aspect: 0.36, leastHeight: 170 });
  const histogram = stage.plot({
    label: "Gradients with respect to μ, one for each of 2,000 samples", title: "gradients from single samples",
    x: [-5, 5], y: [0, 1], aspect: 0.4, xLabel: "estimate of the derivative with respect to μ", width: 640, whole: true,
    yTick: () => null });
  const place = stage.choice("z is", ["μ + σε, with the noise outside", "drawn inside"]);
  const μ = stage.slider({ label: "μ", min: -2, max: 2, step: 0.05, value: data.start[0] });
  const σ = stage.slider({ label: "σ", min: 0.1, max: 2, step: 0.05, value: data.start[1] });
  const w = stage.slider({ label: "w", min: -2, max: 2, step: 0.05, value: data.start[2] });
  const chosen = stage.choice("Histogram of", functions.map(f => f.name));

  const random = randomNumbers(4), draws = Array.from({ length: 2000 }, random.normal);
  const boxes = { μ: [11, 34], σ: [11, 20], ε: [11, 6], z: [48, 17], w: [48, 34], error: [82, 25] };
  const [width, height] = [20, 9.5];

  function arrow(from, to, isBroken) {
    const [x0, y0] = boxes[from], [x1, y1] = boxes[to];
    const start = [x0 + width / 2 + 0.5, y0], end = [x1 - (to === "error" ? 17 : width / 2) - 0.5, y1];
    graph.line([start, end], { color: isBroken ? "#d1242f" : "axis", width: 1.8, dash: isBroken ? [5, 5] : [] });
    graph.dot(...end, { color: isBroken ? "#d1242f" : "axis", radius: 3.5 });
  }

  stage.draw(() => {
    const isOutside = place.value === 0, r = run(μ.value, σ.value, w.value, ε, isOutside);
    const values = { μ: μ.value, σ: σ.value, ε, z: r.z, w: w.value, error: r.error };
    const gradients = { μ: r.byμ, σ: r.byσ, z: r.byz, w: r.byw, error: 1 };
    for (const name of ["μ", "σ", "ε"]) arrow(name, "z", !isOutside && name !== "ε");
    for (const name of ["z", "w"]) arrow(name, "error", false);
    for (const [name, [x, y]] of Object.entries(boxes)) {
      const half = name === "error" ? 17 : width / 2;
      graph.line([[x - half, y - height / 2], [x + half, y - height / 2], [x + half, y + height / 2], [x - half, y + height / 2], [x - half, y - height / 2]],
        { color: name === "ε" ? "c4" : name === "error" ? "c3" : name === "z" ? "c1" : "c0" });
      const label = name === "error" ? "(X − wz)²" : name;
      graph.write(`${label} = ${formatted(values[name])}`, graph.px(x), graph.py(y) - 2, {});
      const text = name === "ε" ? "random" : name === "z" && !isOutside ? "a constant" : `∂ = ${formatted(gradients[name])}`;
      graph.write(text, graph.px(x), graph.py(y) + 13, { color: "faint" });
    }

    const f = functions[chosen.value], truth = f.truth(μ.value, σ.value);
    const deviations = [path, score].map(e => Math.sqrt(Math.max(0, variance(e, f, μ.value, σ.value))));
    const reach = 3 * Math.max(...deviations, 0.1), bins = 60;
    histogram.x = [truth - reach, truth + reach];
    const counts = [path, score].map(estimate => {
      const count = new Array(bins).fill(0);
      for (const e of draws) {
        const bin = Math.floor((estimate(f, μ.value, σ.value, e) - histogram.x[0]) / (2 * reach) * bins);
        if (bin >= 0 && bin < bins) count[bin]++;
      }
      return count;
    });
    histogram.y = [0, Math.max(1, ...counts[0], ...counts[1]) * 1.1];
    histogram.begin();
    histogram.inside(() => {
      counts.forEach((count, k) => count.forEach((n, i) => {
        const left = histogram.x[0] + 2 * reach * i / bins;
        histogram.bar(left, left + 2 * reach / bins, n, { color: k === 0 ? "c1" : "c0", alpha: 0.5 });
      }));
      histogram.line([[truth, 0], [truth, histogram.y[1]]], { color: "text", dash: [4, 4] });
    });
    histogram.key([["along the path", "c1"], ["score function", "c0"], ["true value, dashed", "text"]]);
    stage.say(
      (isOutside
        ? `The gradient reaches μ (${formatted(r.byμ)}) and σ (${formatted(r.byσ)}) through z = μ + σε. `
        : "Drawn inside, z is a constant to the tape: μ and σ have gradient 0, though the error depends on them. ")
      + `For ${f.name} the standard deviation of one estimate is ${formatted(deviations[0])} along the path and `
      + `${formatted(deviations[1])} by the score function; the derivative is ${formatted(truth)}.`);
  });
};
