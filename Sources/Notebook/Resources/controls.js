// What the reader operates: sliders, buttons and choices below the plots, and points of a plot that a
// finger, a mouse or the arrow keys move. They are methods of the stage and of its plots.

Object.assign(Stage.prototype, {
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
  },

  /** A button. */
  button(label, action) {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      action();
      this.changed();
    });
    this.controls.append(button);
    return button;
  },

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
  },
});

Object.assign(Plot.prototype, {
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
  },
});
