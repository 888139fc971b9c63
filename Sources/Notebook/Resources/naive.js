// 2.2 to 2.4 The naive estimate: samples of z from the prior as dots, each as large as its weight, and the running
// mean of the weights in its funnel around P(X).

figures.naive = (stage, data) => {
  // The model of 2.3: X = z + σε in d dimensions, and every number of X one standard deviation from 0.
  const logEvidence = (σ, d) => d * logNormal(Math.sqrt(1 + σ * σ), 0, Math.sqrt(1 + σ * σ));
  const secondMoment = (σ, d) =>
    ((1 + σ * σ) / (σ * Math.sqrt(2 + σ * σ)) * Math.exp(1 / (2 + σ * σ))) ** d;
  const logWeight = (z, σ) => {
    const x = Math.sqrt(1 + σ * σ);
    return z.reduce((sum, zi) => sum + logNormal(x, zi, σ), 0) - logEvidence(σ, z.length);
  };
  for (const { sigma, d, logEvidence: expected, secondMoment: moment } of data.checks) {
    stage.check(logEvidence(sigma, d), expected, 1e-9);
    stage.check(secondMoment(sigma, d) / moment, 1, 1e-9);
  }
  // The running mean of weights that were drawn by the program.
  const means = data.samples.map(({ z }) => Math.exp(logWeight(z, data.sigma)));
  let total = 0;
  means.forEach((w, i) => {
    total += w;
    stage.check(total / (i + 1), data.samples[i].mean, 1e-9);
  });

  const most = 100_000;
  let seed = 1, random, samples, heaviest, sum, sumOfSquares, count, path, nextMark, earlier = [];
  /** A slider that begins anew; or the value alone, if it is not to vary. */
  const varied = (value, [min, max], settings) => min === max
    ? { value }
    : stage.slider({ ...settings, min, max, value, change: () => {
      earlier = [];
      begin();
    } });
  const σ = varied(data.sigma, data.sigmas, { label: "σ, the noise of X", step: 0.05 });
  const d = varied(data.dimension, data.dimensions, { label: "d, the dimension", step: 1, format: x => formatted(x, 0) });

  function begin() {
    random = randomNumbers(seed);
    [samples, heaviest, sum, sumOfSquares, count, path, nextMark] = [[], 0, 0, 0, 0, [], 1];
  }

  function draw(n) {
    for (let i = 0; i < n && count < most; i++) {
      const z = Array.from({ length: d.value }, random.normal), w = Math.exp(logWeight(z, σ.value));
      sum += w;
      sumOfSquares += w * w;
      count++;
      // The plane shows the first 500 samples, and each that is heavier than all before it.
      if (samples.length < 500) samples.push({ z, w });
      else if (w > heaviest) samples[Math.floor(random.uniform() * 500)] = { z, w };
      heaviest = Math.max(heaviest, w);
      if (count >= nextMark) {
        path.push([Math.log10(count), sum / count]);
        nextMark = Math.max(count + 1, count * 1.02);
      }
    }
  }
  begin();

  const plane = stage.plot({
    label: "Samples of z from the prior", title: "z, sized by weight", x: [-3.5, 3.5], y: [-3.5, 3.5], aspect: 1,
    xLabel: "z₁", yLabel: "z₂", width: 320 });
  const funnel = stage.plot({
    label: "The running mean of the weights", title: "P̂ / P(X)", x: [0, 5], y: [0, 3], aspect: 1, xLabel: "samples n",
    width: 320, xTick: v => Number.isInteger(v) ? formatted(10 ** v, 0) : null });
  for (const n of [1, 10, 1000]) {
    stage.button(n === 1 ? "Draw 1" : `Draw ${formatted(n, 0)} more`, () => draw(n));
  }
  stage.button("Again, with other samples", () => {
    const n = count;
    earlier = [...earlier, path].slice(-20);
    seed++;
    begin();
    draw(n);
  });
  draw(100);

  stage.draw(() => {
    const variance = secondMoment(σ.value, d.value) - 1;
    // A z with one number stands at the height of its weight, whose largest value is that of z = X.
    const isLine = d.value === 1;
    plane.y = isLine ? [0, 1.1 * Math.exp(logWeight([Math.sqrt(1 + σ.value ** 2)], σ.value))] : [-3.5, 3.5];
    [plane.title, plane.xLabel, plane.yLabel] = isLine
      ? ["weight of each z", "z", "weight"]
      : ["z, sized by weight", "z₁", "z₂"];
    plane.begin();
    plane.inside(() => {
      const largest = Math.max(heaviest, 1e-300);
      plane.keep("samples", [samples, heaviest], ({ z, w }) => {
        const radius = isLine ? 3 : 1 + 13 * Math.sqrt(w / largest);
        plane.dot(z[0], isLine ? w : z[1], { color: w > 0.01 * largest ? "c2" : "c0", radius, alpha: 0.55 });
      }, samples);
    });
    const edge = sign => Array.from({ length: 101 }, (_, i) => [i / 20, 1 + sign * Math.sqrt(variance / 10 ** (i / 20))]);
    funnel.inside(() => {
      funnel.line([...edge(1), ...edge(-1).reverse()], { color: "c4", fill: true, alpha: 0.25 });
      funnel.line([[0, 1], [5, 1]], { color: "c4" });
      for (const other of earlier) funnel.line(other, { color: "faint", width: 1, alpha: 0.5 });
      funnel.line(path, { color: "c0" });
      if (count > 0) funnel.dot(Math.log10(count), clamp(sum / count, 0, 3), { color: "c0", radius: 5, ring: true });
    });
    const effective = sumOfSquares > 0 ? sum * sum / sumOfSquares : 0;
    stage.say(count === 0
      ? "No sample yet."
      : `${formatted(count, 0)} samples: P̂/P(X) = ${formatted(sum / count, 3)}, with a standard error of `
        + `${formatted(Math.sqrt(variance / count), 3)}; effective sample size ${formatted(effective, 1)}. `
        + `For an error of 10 % it takes ${formatted(100 * variance, 0)} samples.`);
  });
};
