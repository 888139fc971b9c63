// What a plot draws: text, dots, lines, bars and shades. They are methods of the plot of plot.js.
// Below them are the colours of the page, which all of them use.

Object.assign(Plot.prototype, {
  /** Text at a pixel. */
  write(text, px, py, { color: name = "text", align = "center", font = null } = {}) {
    const c = this.context;
    if (font) c.font = font;
    c.fillStyle = color(name);
    c.textAlign = align;
    c.fillText(text, px, py);
    if (font) c.font = "12px system-ui, sans-serif";
  },

  /** The names of what is drawn, each in its colour, in the upper right corner. */
  key(entries) {
    entries.forEach(([text, name], index) => {
      this.write(text, this.width - this.margin.right - 8, this.margin.top + 18 + 16 * index, {
        color: name, align: "right", font: "600 12px system-ui, sans-serif" });
    });
  },

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
  },

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
  },

  /** The ellipse with two half axes along the plot's own. */
  ellipse(x, y, rx, ry, options = {}) {
    const points = [];
    for (let i = 0; i <= 64; i++) {
      const angle = 2 * Math.PI * i / 64;
      points.push([x + rx * Math.cos(angle), y + ry * Math.sin(angle)]);
    }
    this.line(points, options);
  },

  /** A bar between two positions on the horizontal axis, from 0 up. */
  bar(from, to, height, options = {}) {
    this.line([[from, 0], [from, height], [to, height], [to, 0]], { fill: true, ...options });
  },

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
  },
});

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
