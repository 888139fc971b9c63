// What the interactive figures of a page share: a stage with plots, sliders, buttons, a sentence that
// describes what the reader sees, and a check of the figure's own arithmetic.
//
// A figure is a file beside this one. It adds a function to `figures`, which gets an empty stage
// and the data that the program embedded in the page:
//
//   figures.ring = (stage, data) => { … stage.draw(() => …) }
//
// There are no libraries, nothing is loaded, and nothing is stored.

const figures = {};

// MARK: Numbers

/** A number as the text writes it: "−1.50"; large and small ones as "1.2 × 10⁻⁷". */
function formatted(x, decimals = 2) {
  if (!Number.isFinite(x)) return x > 0 ? "∞" : x < 0 ? "−∞" : "undefined";
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e7 || size < 0.5 * 10 ** -decimals)) {
    const [digits, exponent] = x.toExponential(1).split("e");
    const raised = [...exponent.replace("+", "")].map(c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");
    return `${digits.replace("-", "−")} × 10${raised}`;
  }
  const [whole, rest] = size.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
  return (x < 0 && Number(size.toFixed(decimals)) !== 0 ? "−" : "") + grouped;
}

/** log(1 + eˣ), for any x. */
const softplus = x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** 1 / (1 + e⁻ˣ), for any x. */
const sigmoid = x => x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));

/** log ∑ exp xᵢ, which never overflows. */
function logSumExp(xs) {
  const largest = xs.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(xs.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}

/** log N(x; μ, σ²) in nats. */
const logNormal = (x, μ, σ) => -0.5 * ((x - μ) / σ) ** 2 - Math.log(σ) - 0.5 * Math.log(2 * Math.PI);

const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/** Random numbers that follow from their seed (mulberry32), uniform between 0 and 1 and never 0 or 1. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  let spare = null;
  /** A standard normal number, by Box and Muller. */
  const normal = () => {
    if (spare !== null) {
      const z = spare;
      spare = null;
      return z;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform())), angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}

/** The bytes of a text in base64. */
function bytes(text) {
  const characters = atob(text), result = new Uint8Array(characters.length);
  for (let i = 0; i < result.length; i++) result[i] = characters.charCodeAt(i);
  return result;
}

/** About `count` round numbers from `low` to `high`. */
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(s => s * power >= rough * 0.999);
  const result = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) result.push(i * step);
  return { step, values: result };
}

// MARK: Elements

/** An element with attributes and children; text is text, and never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Whether the reader prefers no motion. */
const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// MARK: The stage

/** The place of a figure: it replaces its still picture, if there is one. */
class Stage {
  constructor(root) {
    this.root = root;
    this.plots = [];
    this.drawings = [];
    this.controls = element("div", { class: "controls" });
    this.panels = element("div", { class: "panels" });
    this.words = element("p", { class: "words" });
    this.spoken = element("p", { class: "spoken", "aria-live": "polite" });
    this.verdict = element("p", { class: "verdict" });
    this.checks = [];
    this.slowest = 0;
    root.append(this.panels, this.controls, this.words, this.spoken, this.verdict);
    /** How wide the plots of a row can be together. */
    this.room = this.panels.clientWidth;
    // In the next frame: plots that change their size within this call would call it again.
    new ResizeObserver(() => requestAnimationFrame(() => {
      this.room = this.panels.clientWidth;
      this.plots.forEach(plot => plot.fit());
    })).observe(this.panels);
  }

  /** Calls `drawing` now and whenever something has changed. */
  draw(drawing) {
    this.drawings.push(drawing);
    this.changed();
  }

  /** Marks a change: everything is redrawn, once, in the next frame. */
  changed() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.drawNow();
    });
  }

  drawNow() {
    const start = performance.now();
    for (const plot of this.plots) plot.begin();
    for (const drawing of this.drawings) drawing();
    this.slowest = Math.max(this.slowest, performance.now() - start);
    this.root.dataset.slowestFrame = this.slowest.toFixed(1);
  }

  /** Describes what the reader sees: on the page at once, and to a screen reader when it has settled. */
  say(text) {
    if (/NaN|undefined|\[object/.test(text)) fault(`${this.root.id} says “${text}”`);
    this.words.textContent = text;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => { this.spoken.textContent = text; }, 600);
  }

  /** A plot on the stage; see `Plot`. */
  plot(settings) {
    const plot = new Plot(this, settings);
    this.plots.push(plot);
    this.plots.forEach(plot => plot.fit());
    return plot;
  }

  /** A slider, whose `value` can be read and set. `format` writes the value beside it. */
  slider({ label, min, max, step = (max - min) / 100, value, format = x => formatted(x), change = () => {} }) {
    const input = element("input", { type: "range", min, max, step: "any", value });
    const output = element("output");
    const show = () => {
      output.textContent = format(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    const round = x => clamp(min + Math.round((x - min) / step) * step, min, max);
    input.addEventListener("input", () => {
      input.value = round(Number(input.value));
      show();
      change(Number(input.value));
      this.changed();
    });
    // The browser's own step for keys is one hundredth of the range.
    input.addEventListener("keydown", event => {
      const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (!steps) return;
      event.preventDefault();
      input.value = round(Number(input.value) + steps * step);
      input.dispatchEvent(new Event("input"));
    });
    this.controls.append(element("label", { class: "slider" }, element("span", {}, label), input, output));
    show();
    return {
      get value() { return Number(input.value); },
      set value(x) {
        input.value = round(x);
        show();
      },
    };
  }

  /** A button. */
  button(label, action) {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      action();
      this.changed();
    });
    this.controls.append(button);
    return button;
  }

  /** A choice among a few names; its `value` is the index. */
  choice(label, names, change = () => {}) {
    const group = element("fieldset", { class: "choice" }, element("legend", {}, label));
    const result = { value: 0 };
    const name = `${this.root.id}-${this.controls.childElementCount}`;
    names.forEach((text, index) => {
      const input = element("input", { type: "radio", name, value: index });
      input.checked = index === 0;
      input.addEventListener("change", () => {
        result.value = index;
        change(index);
        this.changed();
      });
      group.append(element("label", {}, input, " " + text));
    });
    this.controls.append(group);
    return result;
  }

  /** Compares what the figure computed with what the program embedded. */
  check(computed, expected, tolerance) {
    this.checks.push({ difference: Math.abs(computed - expected), tolerance });
  }

  /** Writes below the figure whether its arithmetic agrees with the program's. */
  finishChecks() {
    const isRight = ({ difference, tolerance }) => difference <= tolerance;
    const worst = this.checks.reduce((a, b) => isRight(a) && !(b.difference <= a.difference) ? b : a, this.checks[0]);
    const holds = this.checks.length > 0 && this.checks.every(isRight);
    this.root.dataset.selfcheck = holds ? "holds" : "fails";
    this.verdict.textContent = holds
      ? `✓ The figure computes what the program computed: ${this.checks.length} numbers, largest difference `
        + `${worst.difference === 0 ? "0" : formatted(worst.difference, 1)} (at most ${formatted(worst.tolerance, 1)})`
      : `✗ The figure does not compute what the program computed`
        + (worst ? `: a difference of ${formatted(worst.difference, 1)} (at most ${formatted(worst.tolerance, 1)})` : "");
  }

  /** Moves something in steps until it is done; at once for a reader who prefers no motion. */
  animate(step) {
    this.isMoving = {};
    const run = this.isMoving;
    const next = () => {
      if (this.isMoving !== run) return;
      const goesOn = step();
      this.changed();
      if (goesOn) requestAnimationFrame(next);
    };
    if (wantsStillness()) {
      for (let i = 0; i < 10_000 && step(); i++);
      this.changed();
    } else {
      next();
    }
  }

  /** Ends what `animate` began. */
  stop() { this.isMoving = null; }
}

// MARK: Plots

/** A plot: a canvas with two axes, in the colours of the still figures. */
class Plot {
  /**
   * - label: what a screen reader calls it
   * - x, y: the ranges of the axes, as [low, high]; y may be left out for pictures without axes
   * - xLabel, yLabel: what the axes measure
   * - aspect: height by width, of the part within the axes; by default a unit is as long on both
   * - leastHeight: how many pixels of the page that part is at least high
   * - width: the most pixels of the page that it takes
   * - whole: whether it has a row of its own
   * - xTick, yTick: how a number beside an axis is written, if not as it is; null leaves it out
   */
  constructor(stage, {
    label, title = "", x, y, xLabel = "", yLabel = "", aspect, leastHeight = 0, width = 420, whole = false, hasAxes = true,
    xTick, yTick,
  }) {
    this.stage = stage;
    Object.assign(this, { x, y, xLabel, yLabel, title, leastHeight, hasAxes, whole });
    Object.assign(this, { mostWidth: width, tick: { x: xTick, y: yTick } });
    this.aspect = aspect ?? (y[1] - y[0]) / (x[1] - x[0]);
    this.kept = {};
    this.canvas = element("canvas", { role: "img", "aria-label": label });
    this.context = this.canvas.getContext("2d");
    stage.panels.append(this.canvas);
    this.margin = hasAxes
      ? { left: yLabel ? 52 : 38, right: 8, top: title ? 26 : 8, bottom: xLabel ? 42 : 24 }
      : { left: 4, right: 4, top: title ? 26 : 4, bottom: 4 };
  }

  /** Takes the available room: beside the other plots, unless that is too little. */
  fit() {
    const all = this.stage.room || this.mostWidth;
    const { left, right, top, bottom } = this.margin;
    const room = Math.floor(Math.max(120, Math.min(this.mostWidth, this.whole ? all : this.share(all))));
    const height = Math.round(Math.max(this.leastHeight, (room - left - right) * this.aspect) + top + bottom);
    const scale = Math.min(devicePixelRatio || 1, 3);
    if (this.width === room && this.height === height && this.scale === scale) return;
    Object.assign(this, { width: room, height, scale });
    this.canvas.width = Math.round(room * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = room + "px";
    this.canvas.style.height = height + "px";
    this.stage.changed();
  }

  /** The part of a row that falls to the plot: beside all others, in half of a row, or alone. */
  share(all) {
    const row = this.stage.plots.filter(plot => !plot.whole), share = (all - 16 * (row.length - 1)) / row.length;
    if (row.every(({ margin }) => share - margin.left - margin.right >= 115)) return share;
    const half = (all - 16) / 2;
    return this.mostWidth <= 1.2 * half ? half : all;
  }

  /** Where a position stands on the canvas, in pixels of the page. */
  px(x) {
    const { left, right } = this.margin;
    return left + (x - this.x[0]) / (this.x[1] - this.x[0]) * (this.width - left - right);
  }

  py(y) {
    const { top, bottom } = this.margin;
    return top + (this.y[1] - y) / (this.y[1] - this.y[0]) * (this.height - top - bottom);
  }

  /** The position at a pixel, within the axes. */
  position(px, py) {
    const { left, right, top, bottom } = this.margin;
    const u = clamp((px - left) / (this.width - left - right), 0, 1);
    const v = clamp((py - top) / (this.height - top - bottom), 0, 1);
    return [this.x[0] + u * (this.x[1] - this.x[0]), this.y[1] - v * (this.y[1] - this.y[0])];
  }

  /** Clears the plot and draws its axes. */
  begin() {
    this.clear();
    this.keep("axes", [...this.x, ...this.y, this.title, this.xLabel, this.yLabel], () => this.drawAxes());
  }

  /** Clears the canvas; from here on it is measured in pixels of the page. */
  clear() {
    const c = this.context;
    c.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    c.globalAlpha = 1;
    c.clearRect(0, 0, this.width, this.height);
    c.font = "12px system-ui, sans-serif";
    c.lineWidth = 1;
    c.setLineDash([]);
  }

  /**
   * Draws what seldom changes: `drawing` draws on a canvas of its own, which is copied until one of the `causes` changes.
   * No two on a plot have the same name. If there are `items`, it draws one item at a time, and only those that have been added since.
   */
  keep(name, causes, drawing, items = [null]) {
    const all = [this.width, this.height, this.scale, palette(), ...causes];
    const kept = this.kept[name] ??= { canvas: element("canvas"), causes: [], count: 0 };
    const own = this.context;
    this.context = kept.canvas.getContext("2d");
    if (kept.count > items.length || all.some((cause, i) => cause !== kept.causes[i])) {
      Object.assign(kept, { causes: all, count: 0 });
      Object.assign(kept.canvas, { width: this.canvas.width, height: this.canvas.height });
      this.clear();
    }
    for (; kept.count < items.length; kept.count++) drawing(items[kept.count], kept.count);
    this.context = own;
    own.drawImage(kept.canvas, 0, 0, this.width, this.height);
  }

  drawAxes() {
    const c = this.context, { left, right, top, bottom } = this.margin;
    if (this.title) {
      // Where there is little room the letters are smaller.
      c.font = "600 13px system-ui, sans-serif";
      const size = 13 * Math.min(1, this.width / c.measureText(this.title).width);
      this.write(this.title, this.width / 2, 16, { font: `600 ${size}px system-ui, sans-serif` });
    }
    if (!this.hasAxes) return;
    for (const [axis, room] of [["x", this.width - left - right], ["y", this.height - top - bottom]]) {
      const { step, values } = ticks(...this[axis], clamp(Math.floor(room / 55), 2, 8));
      const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      for (const value of values) {
        const text = this.tick[axis]
          ? this.tick[axis](value)
          : formatted(Math.abs(value) < step / 2 ? 0 : value, decimals);
        if (text === null) continue;
        c.strokeStyle = color("grid");
        c.beginPath();
        if (axis === "x") {
          c.moveTo(this.px(value), top);
          c.lineTo(this.px(value), this.height - bottom);
          const half = c.measureText(text).width / 2;  // A number at the edge is not to be cut off.
          this.write(text, clamp(this.px(value), half, this.width - half), this.height - bottom + 16, { color: "faint" });
        } else {
          c.moveTo(left, this.py(value));
          c.lineTo(this.width - right, this.py(value));
          this.write(text, left - 5, this.py(value) + 4, { color: "faint", align: "right" });
        }
        c.stroke();
      }
    }
    c.strokeStyle = color("axis");
    c.strokeRect(left, top, this.width - left - right, this.height - top - bottom);
    if (this.xLabel) this.write(this.xLabel, (left + this.width - right) / 2, this.height - 6);
    if (this.yLabel) {
      c.save();
      c.translate(13, (top + this.height - bottom) / 2);
      c.rotate(-Math.PI / 2);
      this.write(this.yLabel, 0, 0);
      c.restore();
    }
  }

  /** Draws with everything outside the axes cut off. */
  inside(drawing) {
    const c = this.context, { left, right, top, bottom } = this.margin;
    c.save();
    c.beginPath();
    c.rect(left, top, this.width - left - right, this.height - top - bottom);
    c.clip();
    drawing();
    c.restore();
  }

  /** Text at a pixel. */
  write(text, px, py, { color: name = "text", align = "center", font = null } = {}) {
    const c = this.context;
    if (font) c.font = font;
    c.fillStyle = color(name);
    c.textAlign = align;
    c.fillText(text, px, py);
    if (font) c.font = "12px system-ui, sans-serif";
  }

  /** The names of what is drawn, each in its colour, in the upper right corner. */
  key(entries) {
    entries.forEach(([text, name], index) => {
      this.write(text, this.width - this.margin.right - 8, this.margin.top + 18 + 16 * index, {
        color: name, align: "right", font: "600 12px system-ui, sans-serif" });
    });
  }

  /** A dot at a position. */
  dot(x, y, { color: name = "c0", radius = 3, alpha = 1, ring = false } = {}) {
    const c = this.context;
    c.globalAlpha = alpha;
    c.beginPath();
    c.arc(this.px(x), this.py(y), radius, 0, 2 * Math.PI);
    c.fillStyle = color(name);
    c.fill();
    if (ring) {
      c.lineWidth = 2;
      c.strokeStyle = color("ground");
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  /** A line through positions, each an [x, y]; one that is not finite leaves a gap. */
  line(points, { color: name = "c0", width = 2, dash = [], fill = false, alpha = 1 } = {}) {
    const c = this.context;
    c.beginPath();
    let isDown = false;
    for (const [x, y] of points) {
      if (Number.isFinite(x) && Number.isFinite(y)) {
        const px = this.px(x), py = clamp(this.py(y), -1e4, 1e4);
        if (isDown) c.lineTo(px, py); else c.moveTo(px, py);
        isDown = true;
      } else {
        isDown = false;
      }
    }
    c.globalAlpha = alpha;
    if (fill) {
      c.fillStyle = color(name);
      c.fill();
    } else {
      c.lineWidth = width;
      c.lineJoin = "round";
      c.setLineDash(dash);
      c.strokeStyle = color(name);
      c.stroke();
      c.setLineDash([]);
    }
    c.globalAlpha = 1;
  }

  /** The ellipse with two half axes along the plot's own. */
  ellipse(x, y, rx, ry, options = {}) {
    const points = [];
    for (let i = 0; i <= 64; i++) {
      const angle = 2 * Math.PI * i / 64;
      points.push([x + rx * Math.cos(angle), y + ry * Math.sin(angle)]);
    }
    this.line(points, options);
  }

  /** A bar between two positions on the horizontal axis, from 0 up. */
  bar(from, to, height, options = {}) {
    this.line([[from, 0], [from, height], [to, height], [to, 0]], { fill: true, ...options });
  }

  /**
   * Numbers from 0 to 1 as shades, row by row from the top, over all of the plot or between positions. `of` has the colours
   * of 0 and of 1 as red, green, blue and opacity, up to 255.
   */
  shades(values, columns, { x = this.x, y = this.y, smooth = false, of = null } = {}) {
    const rows = values.length / columns, c = this.context;
    const picture = this.picture ??= element("canvas"), image = new ImageData(columns, rows);
    if (picture.width !== columns || picture.height !== rows) Object.assign(picture, { width: columns, height: rows });
    const [low, high] = of ?? [[0, 0, 0, 255], [255, 255, 255, 255]];
    for (let i = 0; i < values.length; i++) {
      const v = clamp(values[i], 0, 1);
      for (let k = 0; k < 4; k++) image.data[4 * i + k] = low[k] + v * (high[k] - low[k]);
    }
    picture.getContext("2d").putImageData(image, 0, 0);
    c.imageSmoothingEnabled = smooth;
    const left = this.px(x[0]), top = this.py(y[1]);
    c.drawImage(picture, left, top, this.px(x[1]) - left, this.py(y[0]) - top);
  }

  /**
   * Lets a finger, a mouse or the arrow keys move a point. `point` says where it is, `move` puts it
   * elsewhere. A finger that lands far from it scrolls the page, as everywhere else, or taps, unless `anywhere` says
   * that it may begin where it likes.
   */
  drag({ label, point, move, anywhere = () => false, end = () => {} }) {
    const canvas = this.canvas, stage = this.stage;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${canvas.getAttribute("aria-label")}. ${label}`);
    canvas.classList.add("draggable");
    let pointer = null, tap = null;
    const at = event => {
      const box = canvas.getBoundingClientRect();
      return this.position(event.clientX - box.left, event.clientY - box.top);
    };
    const isNear = touch => {
      const box = canvas.getBoundingClientRect(), [x, y] = point();
      return Math.hypot(touch.clientX - box.left - this.px(x), touch.clientY - box.top - this.py(y)) < 40;
    };
    canvas.addEventListener("touchstart", event => {
      if (event.cancelable && (anywhere() || isNear(event.touches[0]))) event.preventDefault();
    }, { passive: false });
    canvas.addEventListener("pointerdown", event => {
      // A second finger is ignored.
      if (pointer !== null || event.button > 0) return;
      // A finger far from the point may be about to scroll: it counts when it is lifted, if the browser has not taken it.
      if (event.pointerType === "touch" && !anywhere() && !isNear(event)) {
        tap = event.pointerId;
        return;
      }
      pointer = event.pointerId;
      try { canvas.setPointerCapture(pointer); } catch { /* a pointer that a test invented */ }
      stage.stop();
      move(...at(event), true);
      stage.changed();
    });
    canvas.addEventListener("pointermove", event => {
      if (event.pointerId !== pointer) return;
      move(...at(event), false);
      stage.changed();
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(name, event => {
        const isTap = event.pointerId === tap && name === "pointerup";
        if (event.pointerId === tap) tap = null;
        if (isTap) {
          stage.stop();
          move(...at(event), true);
        } else if (event.pointerId !== pointer) {
          return;
        } else {
          pointer = null;
        }
        end();
        stage.changed();
      });
    }
    canvas.addEventListener("keydown", event => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const [x, y] = point(), part = event.shiftKey ? 0.1 : 0.02;
      stage.stop();
      move(
        clamp(x + way[0] * part * (this.x[1] - this.x[0]), ...this.x),
        clamp(y + way[1] * part * (this.y[1] - this.y[0]), ...this.y), true);
      end();
      stage.changed();
    });
  }
}

// MARK: Colours

let colors = null;

/** The colours of the page, which stay the same object until they change. */
function palette() {
  if (colors) return colors;
  const probe = element("span", { class: "drawing" });
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const found = { isDark: matchMedia("(prefers-color-scheme: dark)").matches };
  for (const name of ["text", "faint", "ground", "grid", "axis"]) found[name] = style.getPropertyValue("--" + name).trim();
  for (const name of ["c0", "c1", "c2", "c3", "c4", "c5"]) {
    probe.className = "drawing " + name;
    found[name] = style.color;
  }
  probe.remove();
  return colors = found;
}

/** A colour of the page: "text", "faint", "ground", "grid", "axis", or "c0" to "c5" as in the still figures; or itself. */
const color = name => palette()[name] ?? name;

/** A hue of the circle, for a number from 0 to 1. */
const hue = turn => `hsl(${Math.round(360 * turn)} 75% ${palette().isDark ? 65 : 40}%)`;

// MARK: Beginning

const faults = [];

/** Records that something is wrong with a figure, for the test of the pages. */
function fault(text) {
  faults.push(text);
  document.documentElement.dataset.faults = faults.join(" | ");
}

addEventListener("error", event => fault(event.message));
addEventListener("unhandledrejection", event => fault(String(event.reason)));
addEventListener("securitypolicyviolation", event => fault(`blocked: ${event.blockedURI} (${event.violatedDirective})`));

/** Puts a figure on its stage. One that fails leaves its still picture. */
function setUp(root) {
  const still = root.previousElementSibling;
  root.classList.add("live");
  try {
    const stage = new Stage(root);
    figures[root.dataset.figure](stage, JSON.parse(root.querySelector("script").textContent));
    stage.finishChecks();
    if (still?.tagName.toLowerCase() === "figure") {
      const aside = element("details", { class: "still" }, element("summary", {}, "The still picture"));
      still.replaceWith(aside);
      aside.append(still);
    }
    return stage;
  } catch (error) {
    fault(`${root.id}: ${error.message}`);
    root.dataset.selfcheck = "fails";
    root.classList.remove("live");
  }
}

/** Does something when the browser has nothing more urgent to do, or a little later. */
function whenIdle(action) {
  if (globalThis.requestIdleCallback) requestIdleCallback(action, { timeout: 200 }); else setTimeout(action);
}

/** Sets up the figures of the page, each in a moment of its own so that the page can be read meanwhile. */
function begin() {
  const roots = [...document.querySelectorAll(".interactive")], stages = [];
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colors = null;
    for (const stage of stages) stage.changed();
  });
  const add = root => {
    const stage = setUp(root);
    if (stage) stages.push(stage);
  };
  if (location.hash === "#test") {
    roots.forEach(add);
    exercise(stages);
    return;
  }
  // A figure that is still hidden has no place; what stands before it has.
  const distance = root => Math.abs((root.previousElementSibling ?? root.parentElement).getBoundingClientRect().top);
  const next = () => {
    if (roots.length === 0) return;
    roots.sort((a, b) => distance(a) - distance(b));
    add(roots.shift());
    whenIdle(next);
  };
  whenIdle(next);
}

// MARK: The test

/** Operates every figure as a curious reader would, and lists what went wrong in `data-faults`. */
function exercise(stages) {
  for (const stage of stages) {
    const draw = () => { stage.drawNow(); };
    for (const input of stage.root.querySelectorAll("input[type=range]")) {
      for (const part of [0, 1, 0.37, 0.5]) {
        input.value = Number(input.min) + part * (Number(input.max) - Number(input.min));
        input.dispatchEvent(new Event("input", { bubbles: true }));
        draw();
      }
    }
    for (const input of stage.root.querySelectorAll("input[type=radio]")) {
      input.click();
      draw();
    }
    const drag = () => {
      for (const canvas of stage.root.querySelectorAll("canvas.draggable")) {
        const box = canvas.getBoundingClientRect();
        const send = (name, u, v, pointerId = 7) => {
          canvas.dispatchEvent(new PointerEvent(name, {
            pointerId, bubbles: true, cancelable: true,
            clientX: box.left + u * box.width, clientY: box.top + v * box.height,
          }));
          draw();
        };
        send("pointerdown", 0.5, 0.5);
        send("pointerdown", 0.9, 0.1, 8);  // A second finger.
        for (let i = 0; i <= 20; i++) send("pointermove", 0.5 + 0.8 * Math.cos(i / 3), 0.5 + 0.8 * Math.sin(i / 3));
        dispatchEvent(new Event("resize"));
        send("pointermove", 3, -2);  // It leaves the figure.
        send("pointerup", 3, -2);
        send("pointerup", 0.9, 0.1, 8);
        send("pointerdown", 0.52, 0.5);
        send("pointercancel", 0.52, 0.5);
        for (const key of ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "Enter"]) {
          canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
          draw();
        }
      }
    };
    drag();
    for (const button of stage.root.querySelectorAll("button")) {
      for (let i = 0; i < 3; i++) button.click();
      draw();
    }
    drag();
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) fault(`the page is ${document.documentElement.scrollWidth} pixels wide, in ${innerWidth}`);
  document.documentElement.dataset.exercised = stages.length;
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin); else begin();
