// 1.5 A function learned from samples: what it does to the same points at stages of its training.

figures.learned = (stage, data) => {
  // Positions as bytes from −127 to 127, in units of data.unit.
  const points = text => {
    const b = new Int8Array(bytes(text).buffer), all = [];
    for (let i = 0; i < b.length; i += 2) all.push([b[i] * data.unit, b[i + 1] * data.unit]);
    return all;
  };
  const z = points(data.z), images = data.stages.map(s => points(s.points));
  // The mean distance from the centre, which the program computed before it rounded the points.
  images.forEach((all, i) => {
    const mean = all.reduce((sum, p) => sum + Math.hypot(...p), 0) / all.length;
    stage.check(mean, data.stages[i].meanRadius, data.unit);
  });

  const left = stage.plot({
    label: "Points z", title: "z", x: [-3.5, 3.5], y: [-3.5, 3.5], xLabel: "z₁", width: 300 });
  const right = stage.plot({
    label: "Their images under the learned function", title: "g(z)", x: data.reach, y: data.reach, xLabel: "g(z)₁", width: 300 });
  const at = stage.slider({
    label: "training", min: 0, max: images.length - 1, step: 1, value: images.length - 1,
    format: i => `step ${formatted(data.stages[i].step, 0)}`, change: () => stage.stop() });
  stage.button("Train again", () => {
    let frame = 0;
    stage.animate(() => {
      at.value = Math.floor(frame / 20);
      return ++frame < 20 * images.length;
    });
  });
  const turn = ([x, y]) => (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
  stage.draw(() => {
    const current = data.stages[at.value];
    const dot = (plot, p, i) => plot.dot(...p, { color: hue(turn(z[i])), radius: 2.2, alpha: 0.8 });
    left.inside(() => left.keep("points", [], (p, i) => dot(left, p, i), z));
    right.inside(() => right.keep("points", [at.value], (p, i) => dot(right, p, i), images[at.value]));
    stage.say(`After ${formatted(current.step, 0)} steps the energy distance from the samples is ${formatted(current.distance, 4)}.`);
  });
};
