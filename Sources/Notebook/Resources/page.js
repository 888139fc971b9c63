// The page as a whole: it puts every figure on its stage, records what goes wrong, and for the test of
// the pages operates all figures as a reader would.

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
