// 5.3 Training: what the decoder makes of the same z, and the map of a model with two latent variables, epoch by epoch.

figures.training = (stage, data) => {
  const { width, height } = data;
  /** The pictures of a frame side by side, as numbers from 0 to 1; there are two pixels of 16 grey levels in a byte. */
  function screen(text, { across, down }) {
    const packed = bytes(text), values = new Float32Array(across * width * down * height);
    for (let i = 0; i < values.length; i++) {
      const picture = Math.floor(i / (width * height)), row = Math.floor(i / width) % height;
      const line = Math.floor(picture / across) * height + row, start = (picture % across) * width;
      values[line * across * width + start + i % width] = (i % 2 === 0 ? packed[i >> 1] >> 4 : packed[i >> 1] & 15) / 15;
    }
    return values;
  }
  const films = data.films.map(film => ({
    ...film, frames: film.frames.map(frame => ({ ...frame, pictures: screen(frame.pictures, film) })) }));
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

  stage.draw(() => {
    films.forEach((film, k) => {
      const { pictures } = frame(film, at.value);
      screens[k].keep("pictures", [pictures], () => screens[k].shades(pictures, film.across * width));
    });
    const { epoch } = frame(films[0], at.value);
    curve.inside(() => {
      curve.keep("bounds", [], () => curve.line(data.bounds, { color: "c3" }));
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
