// The stage of an interactive figure: the place on the page for its plots and controls, with a sentence
// that describes what the reader sees and a check of the figure's own arithmetic.

/**
 * The figures by their names. A figure is a file beside this one. It adds a function here, which gets an
 * empty stage and the data that the program embedded in the page:
 *
 *   figures.ring = (stage, data) => { … stage.draw(() => …) }
 *
 * There are no libraries, nothing is loaded, and nothing is stored.
 */
const figures = {};

/** An element with attributes and children; text is text, and never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Whether the reader prefers no motion. */
const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

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
