// 5.3 Training: what the decoder makes of the same z, and the map of a model with two latent variables, epoch by epoch.

figures.training = (stage, data) => {
  /** Pictures of 16 grey levels, two pixels in a byte, as numbers from 0 to 1. */
  const unpacked = text => {
    const packed = bytes(text), values = new Float32Array(2 * packed.length);
    packed.forEach((b, i) => { [values[2 * i], values[2 * i + 1]] = [(b >> 4) / 15, (b & 15) / 15]; });
    return values;
  };
  const { width, height } = data;
  const stages = data.stages.map(s => ({ ...s, samples: unpacked(s.samples), map: unpacked(s.map) }));
  // The mean grey value, which the program took of the rounded pictures.
  for (const s of stages) {
    const all = [...s.samples, ...s.map];
    stage.check(all.reduce((a, b) => a + b, 0) / all.length, s.meanGrey, 1e-6);
  }

  const picture = (label, [across, down]) => stage.plot({
    label, title: label, x: [0, across * width], y: [0, down * height], hasAxes: false,
    aspect: down * height / (across * width), width: 300 });
  const samples = picture("samples from the prior", data.samples), map = picture("the map of two latent variables", data.map);
  const curve = stage.plot({
    label: "The bound on the test images, by epoch", title: "test bound, in nats", x: [0, stages.at(-1).epoch],
    y: data.range, xLabel: "epoch", width: 640, whole: true, aspect: 0.22 });
  const at = stage.slider({
    label: "epoch", min: 0, max: stages.length - 1, step: 1, value: stages.length - 1,
    format: i => formatted(stages[i].epoch, 0), change: () => stage.stop() });
  stage.button("Train again", () => {
    let frame = 0;
    stage.animate(() => {
      at.value = Math.floor(frame / 15);
      return ++frame < 15 * stages.length;
    });
  });

  const show = (plot, pictures, [across, down]) => {
    for (let k = 0; k < across * down; k++) {
      const [i, j] = [k % across, Math.floor(k / across)];
      plot.shades(pictures.subarray(k * width * height, (k + 1) * width * height), width, {
        x: [i * width, (i + 1) * width], y: [(down - 1 - j) * height, (down - j) * height] });
    }
  };
  stage.draw(() => {
    const current = stages[at.value];
    show(samples, current.samples, data.samples);
    show(map, current.map, data.map);
    curve.inside(() => {
      curve.line(data.bounds, { color: "c3" });
      curve.line([[current.epoch, data.range[0]], [current.epoch, data.range[1]]], { color: "faint", dash: [4, 4] });
    });
    const bound = data.bounds.find(([epoch]) => epoch === current.epoch);
    stage.say(current.epoch === 0
      ? "Before training every z becomes the same grey."
      : `After epoch ${formatted(current.epoch, 0)}${bound ? ` the bound on the test images is ${formatted(bound[1], 1)} nats` : ""}.`);
  });
};
