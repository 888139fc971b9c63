// 1.1 The ring: a point z that can be dragged, points that can be painted, and where g(z) = w z + z/‖z‖ sends them all.

figures.ring = (stage, data) => {
  /** g(z) = w z + z/‖z‖; at 0 it is not defined. */
  const g = ([x, y], w) => {
    const length = Math.hypot(x, y);
    return [w * x + x / length, w * y + y / length];
  };
  data.checks.forEach(({ z, x }) => {
    const image = g(z, data.width);
    stage.check(image[0], x[0], 1e-12);
    stage.check(image[1], x[1], 1e-12);
  });

  let z = [1, 0.5], trail = [], points = data.cloud;
  const reach = 3.5, most = 1500;
  const left = stage.plot({
    label: "The plane of z", title: "z", x: [-reach, reach], y: [-reach, reach], xLabel: "z₁", width: 300 });
  const right = stage.plot({
    label: "The plane of g(z)", title: "g(z)", x: [-2, 2], y: [-2, 2], xLabel: "g(z)₁", width: 300 });
  const width = stage.slider({
    label: "thickness w", min: 0, max: 0.5, step: 0.01, value: data.width });
  const mode = stage.choice("A drag", ["moves z", "paints points"], () => { trail = []; });

  const random = randomNumbers(3);
  /** Adds points around the way from one position to another. */
  function paint(from, to, count, spread) {
    for (let i = 0; i < count && points.length < most; i++) {
      const t = random.uniform();
      points.push(from.map((v, k) => v + t * (to[k] - v) + spread * random.normal()));
    }
  }
  /** Shows other points instead of those that there are. */
  function replace(others) {
    [points, trail] = [others, []];
  }
  stage.button("Paint a random cloud", () => {
    const centre = [0, 0].map(() => (random.uniform() - 0.5) * 1.4 * reach);
    paint(centre, centre, 200, 0.1 + 0.4 * random.uniform());
  });
  stage.button("Clear", () => replace([]));
  stage.button("Back to N(0, I)", () => replace([...data.cloud]));
  stage.button("Cross 0", () => {
    trail = [];
    let step = -60;
    stage.animate(() => {
      z = [step / 40, step === 0 ? 0 : 0.0001];
      trail.push(z);
      return ++step <= 60;
    });
  });
  replace([...data.cloud]);
  left.drag({
    label: "Arrow keys move the point z",
    anywhere: () => mode.value === 1,
    point: () => z,
    move: (x, y, isNew) => {
      if (mode.value === 1) {
        const from = isNew ? [x, y] : z;
        paint(from, [x, y], 5 + Math.ceil(30 * Math.hypot(x - from[0], y - from[1])), 0.1);
      } else {
        trail = isNew ? [] : trail.slice(-500);
        trail.push([x, y]);
      }
      z = [x, y];
    },
  });

  const turn = ([x, y]) => (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
  const dot = (plot, p, angle) => plot.dot(...p, { color: hue(angle), radius: 2, alpha: 0.7 });
  stage.draw(() => {
    const w = width.value;
    left.inside(() => {
      left.keep("points", [points], p => dot(left, p, turn(p)), points);
      left.line(trail, { color: "text", width: 1.5 });
      left.dot(...z, { color: hue(turn(z)), radius: 7, ring: true });
    });
    right.inside(() => {
      right.keep("points", [points, w], p => dot(right, g(p, w), turn(p)), points);
      // Where the path jumps over the hole, no line joins its two sides.
      const images = trail.map(p => g(p, w));
      right.line(images.flatMap((p, i) =>
        i > 0 && Math.hypot(p[0] - images[i - 1][0], p[1] - images[i - 1][1]) > 1 ? [[NaN, NaN], p] : [p]
      ), { color: "text", width: 1.5 });
      if (Math.hypot(...z) > 0) right.dot(...g(z, w), { color: hue(turn(z)), radius: 7, ring: true });
    });
    const length = Math.hypot(...z);
    stage.say(
      (length === 0
        ? "z = 0 has no direction: g is not defined there, and points on either side of it land on opposite sides of the hole."
        : `z = (${formatted(z[0])}, ${formatted(z[1])}), of length ${formatted(length)}, goes to g(z) = `
          + `(${formatted(g(z, w)[0])}, ${formatted(g(z, w)[1])}), at distance ${formatted(1 + w * length)} = 1 + w‖z‖ from the centre.`)
      + (points.length < most ? "" : ` That makes ${formatted(most, 0)} points, and there is no room for more: clear them to paint again.`));
  });
};
