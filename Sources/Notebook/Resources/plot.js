// A plot on the stage: how much room it takes, the scales of its axes, the axes themselves, and layers
// that are kept because they seldom change. What it draws within the axes is in drawing.js.

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
}
