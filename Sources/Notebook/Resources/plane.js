// 5.6 The latent plane: a trained encoder and decoder with two latent variables, in the page itself. The point z can be
// dragged and is decoded at once; a test image, or one drawn by hand, is encoded, reconstructed and judged by the bound.

figures.plane = (stage, data) => {
  const { rows, columns } = data, size = rows * columns;

  // MARK: The model

  const floats = text => new Float32Array(bytes(text).buffer);

  // A weight is one character: "A" is −31, "B" is −30, up to "+", which is 31. Each row has a scale.
  const steps = new Int8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"].forEach((c, i) => {
    steps[c.charCodeAt(0)] = i - 31;
  });
  /** A network of layers with tanh between them. */
  function network(layers) {
    const ready = layers.map(({ inputs, outputs, weights, scales, bias }) => {
      const w = new Float32Array(inputs * outputs), rows = floats(scales);
      for (let i = 0; i < w.length; i++) w[i] = steps[weights.charCodeAt(i)] * rows[Math.floor(i / outputs)];
      return { outputs, w, bias: floats(bias) };
    });
    return input => {
      let x = input;
      ready.forEach(({ outputs, w, bias }, k) => {
        const y = bias.slice();
        for (let i = 0; i < x.length; i++) {
          const xi = x[i];
          if (xi === 0) continue;
          for (let j = 0, at = i * outputs; j < outputs; j++) y[j] += xi * w[at + j];
        }
        x = k + 1 < ready.length ? y.map(Math.tanh) : y;
      });
      return x;
    };
  }
  const decode = network(data.decoder), encoder = network(data.encoder);
  /** Q(z|X) = N(μ, diag σ²); the network's last layer gives μ and log σ². */
  function encode(x) {
    const [m0, m1, v0, v1] = encoder(x);
    return { μ: [m0, m1], σ: [Math.exp(0.5 * v0), Math.exp(0.5 * v1)] };
  }
  /** log P(X|z) of pixels that are 0 or 1, from z, or from the logits that were decoded of it. */
  function logLikelihood(x, z, l = decode(z)) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += x[i] * l[i] - softplus(l[i]);
    return sum;
  }
  const divergence = ({ μ, σ }) =>
    [0, 1].reduce((sum, k) => sum + 0.5 * (μ[k] ** 2 + σ[k] ** 2 - 1) - Math.log(σ[k]), 0);

  // Gauss and Hermite's five points for means under N(0, 1).
  const r = Math.sqrt(10), five = [0, Math.sqrt(5 - r), -Math.sqrt(5 - r), Math.sqrt(5 + r), -Math.sqrt(5 + r)];
  const weights = five.map(e => e === 0 ? 8 / 15 : (7 + (e * e < 5 ? 2 * r : -2 * r)) / 60);
  /** E[log P(X|z)] under Q, by 5 × 5 points. */
  const reconstruction = (x, { μ, σ }) => five.reduce((sum, a, i) => sum + five.reduce((inner, b, j) =>
    inner + weights[i] * weights[j] * logLikelihood(x, [μ[0] + σ[0] * a, μ[1] + σ[1] * b]), 0), 0);

  // MARK: Its arithmetic, checked

  const images = bytes(data.images), perImage = Math.ceil(size / 8);
  const image = i => Float32Array.from({ length: size }, (_, k) => images[i * perImage + (k >> 3)] >> (7 - k % 8) & 1);
  const expected = bytes(data.check.picture), picture = Array.from(decode(data.check.z), l => 255 * sigmoid(l));
  picture.forEach((v, k) => stage.check(v, expected[k], 1));
  data.check.images.forEach(c => {
    const x = image(c.index), q = encode(x);
    stage.check(logLikelihood(x, q.μ), c.logLikelihood, 0.01);
    stage.check(divergence(q), c.divergence, 0.01);
    stage.check(reconstruction(x, q) - divergence(q), c.bound, 0.01);
  });

  // MARK: What is shown

  const reach = data.reach, count = images.length / perImage;
  let z = [0, 0], chosen = data.check.images[0].index, x = image(chosen), isDrawing = false;
  let q, judged, posterior, samples = [];
  const random = randomNumbers(11);
  const noise = Array.from({ length: 10 }, () => [random.normal(), random.normal()]);

  const plane = stage.plot({
    label: "The plane of the two latent variables, with the codes of the test images", title: "z",
    x: [-reach, reach], y: [-reach, reach], xLabel: "z₁", yLabel: "z₂", width: 380 });
  const square = (label, title, width) => stage.plot({
    label, title, x: [0, columns], y: [0, rows], hasAxes: false, aspect: rows / columns, width });
  const decoded = square("What the decoder makes of z", "decoded z", 190);
  const example = square("The image X", "X: draw here", 190);
  const strip = stage.plot({
    label: "Ten z drawn from Q(z|X), decoded", title: "ten samples of Q(z|X), decoded", x: [0, 10 * columns], y: [0, rows],
    hasAxes: false, aspect: rows / columns / 10, width: 640, whole: true });

  /** Takes an image as X. */
  function take(image) {
    x = image;
    judged = null;
  }
  /** Encodes X and judges it, once in a frame, however often X has changed; what takes longer follows when there is time. */
  function judge() {
    q = encode(x);
    const d = divergence(q), e = reconstruction(x, q);
    judged = { d, e, bound: e - d };
    z = q.μ.map(v => clamp(v, -reach, reach));
    // log P(X, z) on a grid, a few points at a time, when the pen or the reader has paused.
    const side = 41, map = { side, values: [], done: false }, image = x.slice(), { μ, σ } = q;
    posterior = map;
    const next = () => {
      if (posterior !== map) return;
      if (map.values.length === 0) {
        samples = noise.map(([a, b]) => decode([μ[0] + σ[0] * a, μ[1] + σ[1] * b]).map(sigmoid));
        stage.changed();
      }
      const start = performance.now();
      while (map.values.length < side * side && performance.now() - start < 4) {
        const i = map.values.length % side, j = Math.floor(map.values.length / side);
        const at = [(2 * (i + 0.5) / side - 1) * reach, (1 - 2 * (j + 0.5) / side) * reach];
        map.values.push(logLikelihood(image, at) - 0.5 * (at[0] ** 2 + at[1] ** 2));
      }
      map.done = map.values.length === side * side;
      if (map.done) stage.changed(); else whenIdle(next);
    };
    setTimeout(next, 150);
  }
  judge();

  /** The test image whose code is nearest, among those that the page has. */
  function nearest([a, b]) {
    const distance = i => Math.hypot(data.codes[i][0] - a, data.codes[i][1] - b);
    let found = 0;
    for (let i = 1; i < count; i++) if (distance(i) < distance(found)) found = i;
    return found;
  }
  function choose(index) {
    [chosen, isDrawing] = [index, false];
    take(image(index));
  }
  const pixelsBetween = ([a, b], [c, d]) => Math.hypot(plane.px(a) - plane.px(c), plane.py(b) - plane.py(d));
  plane.drag({
    label: "Arrow keys move z",
    point: () => z,
    move: (a, b, isNew) => {
      // A click on a code, away from z, takes its image.
      const index = nearest([a, b]);
      if (isNew && pixelsBetween([a, b], z) > 20 && pixelsBetween([a, b], data.codes[index]) < 5) choose(index);
      else z = [a, b];
    },
  });
  stage.button("Take the test image nearest to z", () => choose(nearest(z)));
  stage.button("Another test image", () => choose((chosen + 37) % count));
  stage.button("An empty page to draw on", () => {
    [isDrawing, ink] = [true, new Float32Array(size)];
    take(ink);
  });

  // A pen of about two pixels; when it is lifted, the drawing is moved to the centre of its mass, as the digits were.
  let ink = new Float32Array(size), pen = null;
  example.drag({
    label: "Draw with a finger or the mouse; arrow keys move the pen",
    anywhere: () => true,
    point: () => pen ?? [columns / 2, rows / 2],
    move: (a, b, isNew) => {
      if (!isDrawing) [isDrawing, ink] = [true, new Float32Array(size)];
      const from = isNew || pen === null ? [a, b] : pen, steps = Math.ceil(4 * Math.hypot(a - from[0], b - from[1])) + 1;
      for (let s = 0; s <= steps; s++) {
        const px = from[0] + (a - from[0]) * s / steps, py = rows - (from[1] + (b - from[1]) * s / steps);
        for (let j = Math.floor(py - 2); j <= py + 2; j++) {
          for (let i = Math.floor(px - 2); i <= px + 2; i++) {
            if (i < 0 || j < 0 || i >= columns || j >= rows) continue;
            if (Math.hypot(i + 0.5 - px, j + 0.5 - py) <= 1.2 * columns / 28) ink[j * columns + i] = 1;
          }
        }
      }
      pen = [a, b];
      take(ink);
    },
    end: () => {
      pen = null;
      const total = ink.reduce((a, b) => a + b, 0);
      if (total === 0) return;
      let [cx, cy] = [0, 0];
      ink.forEach((v, k) => {
        cx += v * (k % columns + 0.5) / total;
        cy += v * (Math.floor(k / columns) + 0.5) / total;
      });
      const [dx, dy] = [Math.round(columns / 2 - cx), Math.round(rows / 2 - cy)], moved = new Float32Array(size);
      ink.forEach((v, k) => {
        const [i, j] = [k % columns + dx, Math.floor(k / columns) + dy];
        if (v > 0 && i >= 0 && j >= 0 && i < columns && j < rows) moved[j * columns + i] = v;
      });
      ink = moved;
      take(ink);
    },
  });

  function showPosterior() {
    const top = posterior.values.reduce((a, b) => Math.max(a, b)), shade = palette().isDark ? [53, 199, 156] : [0, 128, 94];
    plane.shades(posterior.values.map(v => Math.exp(v - top)), posterior.side, {
      smooth: true, of: [[...shade, 0], [...shade, 255]] });
  }
  stage.draw(() => {
    if (!judged) judge();
    plane.inside(() => {
      if (posterior.done) plane.keep("posterior", [posterior], showPosterior);
      plane.keep("codes", [], (code, i) => plane.dot(...code, {
        color: data.hues ? hue(data.hues[i]) : "faint", radius: 2, alpha: 0.75 }), data.codes);
      for (const k of [1, 2]) plane.ellipse(...q.μ, k * q.σ[0], k * q.σ[1], { color: "c1" });
      plane.dot(...z, { color: "text", radius: 7, ring: true });
    });
    const logits = decode(z);
    decoded.inside(() => decoded.shades(logits.map(sigmoid), columns));
    example.inside(() => example.shades(x, columns));
    strip.keep("samples", [samples], () => samples.forEach((picture, i) =>
      strip.shades(picture, columns, { x: [i * columns + 0.5, (i + 1) * columns - 0.5] })));
    const name = isDrawing
      ? "Your drawing" : `Test image ${formatted(chosen + 1, 0)}${data.classes ? `, of class ${data.classes[chosen]}` : ""}`;
    stage.say(
      `z = (${formatted(z[0])}, ${formatted(z[1])}): log P(X|z) = ${formatted(logLikelihood(x, z, logits), 1)}. ${name}: `
      + `reconstruction ${formatted(judged.e, 1)} − divergence ${formatted(judged.d, 1)} = bound ${formatted(judged.bound, 1)} nats; `
      + `the bound of the test images is ${formatted(data.meanBound, 1)} on average.`);
  });
};
