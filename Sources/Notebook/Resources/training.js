// 5.3 Training: what the decoder makes of the same z, and the map of a model with two latent variables, epoch by epoch.

figures.training = (stage, data) => {
  /** Pictures of 16 grey levels, two pixels in a byte, as numbers from 0 to 1. */
  const unpacked = text => {
    const packed = bytes(text), values = new Float32Array(2 * packed.length);
    packed.forEach((b, i) => { [values[2 * i], values[2 * i + 1]] = [(b >> 4) / 15, (b & 15) / 15]; });
    return values;
  };
  const { width, height } = data;
  const films = data.films.map(film => ({
    ...film, frames: film.frames.map(frame => ({ ...frame, pictures: unpacked(frame.pictures) })) }));
  // The mean grey value, which the program took of the rounded pictures.
  for (const { pictures, meanGrey } of films.flatMap(film => film.frames)) {
    stage.check(pictures.reduce((a, b) => a + b, 0) / pictures.length, meanGrey, 1e-5);
  }

  const screens = films.map(({ title, across, down }) => stage.plot({
    label: title, title, x: [0, across * width], y: [0, down * height], hasAxes: false,
    aspect: down * height / (across * width), width: 300 }));
  const last = Math.max(...films.map(film => film.frames.length)) - 1;
  const frame = (film, i) => film.frames[Math.min(i, film.frames.length - 1)];
  const curve = stage.plot({
    label: "The bound on the test images, by epoch", title: "test bound, in nats", x: [0, data.bounds.at(-1)[0]],
    y: data.range, xLabel: "epoch", width: 640, whole: true, aspect: 0.22 });
  const at = stage.slider({
    label: "epoch", min: 0, max: last, step: 1, value: last,
    format: i => formatted(frame(films[0], i).epoch, 0), change: () => stage.stop() });
  stage.button("Train again", () => {
    let count = 0;
    stage.animate(() => {
      at.value = Math.floor(count / 20);
      return ++count < 20 * (last + 1);
    });
  });

  const show = (plot, pictures, { across, down }) => {
    for (let k = 0; k < across * down; k++) {
      const [i, j] = [k % across, Math.floor(k / across)];
      plot.shades(pictures.subarray(k * width * height, (k + 1) * width * height), width, {
        x: [i * width, (i + 1) * width], y: [(down - 1 - j) * height, (down - j) * height] });
    }
  };
  stage.draw(() => {
    films.forEach((film, k) => show(screens[k], frame(film, at.value).pictures, film));
    const { epoch } = frame(films[0], at.value);
    curve.inside(() => {
      curve.line(data.bounds, { color: "c3" });
      curve.line([[epoch, data.range[0]], [epoch, data.range[1]]], { color: "faint", dash: [4, 4] });
    });
    const bound = data.bounds.find(([e]) => e === epoch);
    const others = films.slice(1).map(film => `, the small model after epoch ${formatted(frame(film, at.value).epoch, 0)}`);
    stage.say(epoch === 0
      ? "Before training, the pictures are noise around grey."
      : `After epoch ${formatted(epoch, 0)}${bound ? `: the bound on the test images is ${formatted(bound[1], 1)} nats` : ""}`
        + `${others.join("")}.`);
  });
};
