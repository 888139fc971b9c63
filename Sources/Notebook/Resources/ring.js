// 1.1 The ring: a point z that can be dragged, a cloud around it, and where g(z) = w z + z/‖z‖ sends both.

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

  let z = [1, 0.5], trail = [];
  const left = stage.plot({
    label: "The plane of z", title: "z", x: [-3.5, 3.5], y: [-3.5, 3.5], xLabel: "z₁", width: 300 });
  const right = stage.plot({
    label: "The plane of g(z)", title: "g(z)", x: [-2, 2], y: [-2, 2], xLabel: "g(z)₁", width: 300 });
  const width = stage.slider({
    label: "w, the thickness of the ring", min: 0, max: 0.5, step: 0.01, value: data.width });
  const cloud = stage.choice("Show", ["a cloud of 400 points", "only the path that I drag"]);
  stage.button("Cross 0", () => {
    trail = [];
    let step = -60;
    stage.animate(() => {
      z = [step / 40, step === 0 ? 0 : 0.0001];
      trail.push(z);
      return ++step <= 60;
    });
  });
  left.drag({
    label: "Arrow keys move the point z",
    point: () => z,
    move: (x, y, isNew) => {
      if (isNew) trail = [];
      z = [x, y];
      trail.push(z);
    },
  });

  const turn = ([x, y]) => (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
  stage.draw(() => {
    const w = width.value, points = cloud.value === 0 ? data.cloud : [];
    left.inside(() => {
      points.forEach(p => left.dot(...p, { color: hue(turn(p)), radius: 2, alpha: 0.7 }));
      left.line(trail, { color: "text", width: 1.5 });
      left.dot(...z, { color: hue(turn(z)), radius: 7, ring: true });
    });
    right.inside(() => {
      points.forEach(p => right.dot(...g(p, w), { color: hue(turn(p)), radius: 2, alpha: 0.7 }));
      // Where the path jumps over the hole, no line joins its two sides.
      const path = [];
      trail.forEach((p, i) => {
        if (i > 0 && Math.hypot(...p.map((v, k) => g(p, w)[k] - g(trail[i - 1], w)[k])) > 1) path.push([NaN, NaN]);
        path.push(g(p, w));
      });
      right.line(path, { color: "text", width: 1.5 });
      if (Math.hypot(...z) > 0) right.dot(...g(z, w), { color: hue(turn(z)), radius: 7, ring: true });
    });
    const length = Math.hypot(...z);
    stage.say(
      length === 0
        ? "z = 0 has no direction: g is not defined there, and points on either side of it land on opposite sides of the hole."
        : `z = (${formatted(z[0])}, ${formatted(z[1])}), of length ${formatted(length)}, goes to g(z) = `
          + `(${formatted(g(z, w)[0])}, ${formatted(g(z, w)[1])}), at distance ${formatted(1 + w * length)} = 1 + w‖z‖ from the centre.`);
  });
};
