// 0.3 The tape: values forward and gradients backward, one operation at a time, while the inputs can be changed.

figures.tape = (stage, data) => {
  // Each operation: its value, and its derivative with respect to each operand.
  const operations = {
    "+": { value: (a, b) => a + b, slopes: () => [1, 1] },
    "−": { value: (a, b) => a - b, slopes: () => [1, -1] },
    "×": { value: (a, b) => a * b, slopes: (a, b) => [b, a] },
    "exp": { value: Math.exp, slopes: a => [Math.exp(a)] },
    "log": { value: Math.log, slopes: a => [1 / a] },
    "sin": { value: Math.sin, slopes: a => [Math.cos(a)] },
    "tanh": { value: Math.tanh, slopes: a => [1 - Math.tanh(a) ** 2] },
    "square": { value: a => a * a, slopes: a => [2 * a] },
    "−1×": { value: a => -a, slopes: () => [-1] },
  };
  const nodes = data.nodes;

  /** All values, and all gradients of the last one. */
  function run(inputs) {
    const values = [], gradients = nodes.map(() => 0);
    nodes.forEach((node, i) => {
      values.push(node.operation ? operations[node.operation].value(...node.operands.map(k => values[k])) : inputs[i]);
    });
    gradients[nodes.length - 1] = 1;
    for (let i = nodes.length - 1; i >= 0; i--) {
      if (!nodes[i].operation) continue;
      const slopes = operations[nodes[i].operation].slopes(...nodes[i].operands.map(k => values[k]));
      nodes[i].operands.forEach((k, j) => { gradients[k] += slopes[j] * gradients[i]; });
    }
    return { values, gradients };
  }
  const inputIndices = nodes.map((_, i) => i).filter(i => !nodes[i].operation);
  const first = run(nodes.map(n => n.value));
  nodes.forEach((node, i) => {
    stage.check(first.values[i], node.value, 1e-9);
    stage.check(first.gradients[i], node.gradient, 1e-9);
  });

  // A column for each depth: what an operation needs stands to its left.
  const depth = [];
  nodes.forEach((node, i) => depth.push(node.operation ? 1 + Math.max(...node.operands.map(k => depth[k])) : 0));
  const columns = Math.max(...depth) + 1;
  const inColumn = d => nodes.map((_, i) => i).filter(i => depth[i] === d);
  const most = Math.max(...depth.map(d => inColumn(d).length));
  const place = nodes.map((_, i) => {
    const column = inColumn(depth[i]);
    return [(depth[i] + 0.5) / columns * 100, (column.indexOf(i) + 0.5) / column.length * 100];
  });

  const graph = stage.plot({
    label: "The graph of the expression, with values and gradients", title: data.title, x: [0, 100], y: [0, 100],
    hasAxes: false, width: 860, whole: true, aspect: Math.min(1.1, 0.16 * most + 0.12) });
  const sliders = inputIndices.map(i => stage.slider({
    label: nodes[i].name, min: data.range[0], max: data.range[1], step: 0.1, value: nodes[i].value }));
  // The step on the tape: up to nodes.length values, then as many gradients.
  const last = 2 * nodes.length;
  const at = stage.slider({
    label: "step", min: 0, max: last, step: 1, value: last,
    format: s => s <= nodes.length ? `${s} forward` : `${s - nodes.length} backward`, change: () => stage.stop() });
  stage.button("Step", () => {
    stage.stop();
    at.value = at.value === last ? 0 : at.value + 1;
  });
  stage.button("Run", () => {
    let frame = 0;
    stage.animate(() => {
      at.value = Math.floor(frame / 25);
      return ++frame <= 25 * last;
    });
  });

  stage.draw(() => {
    const inputs = [];
    inputIndices.forEach((i, k) => { inputs[i] = sliders[k].value; });
    const { values, gradients } = run(inputs), step = at.value;
    const hasValue = i => i < step, hasGradient = i => step - nodes.length >= nodes.length - i;
    const active = step <= nodes.length ? step - 1 : last - step;
    const half = Math.min(44, 0.42 * (graph.width - 8) / columns);
    nodes.forEach((node, i) => (node.operands ?? []).forEach(k => {
      const from = place[k], to = place[i], pixel = 100 / (graph.width - 8);
      graph.line([[from[0] + half * pixel, from[1]], [to[0] - half * pixel, to[1]]], {
        color: hasGradient(i) ? "c1" : "axis", width: 1.6 });
    }));
    nodes.forEach((node, i) => {
      const [px, py] = [graph.px(place[i][0]), graph.py(place[i][1])], c = graph.context;
      c.fillStyle = color("ground");
      c.strokeStyle = color(i === active ? "c1" : node.operation ? "axis" : "c0");
      c.lineWidth = i === active ? 3 : 1.5;
      c.beginPath();
      c.rect(px - half, py - 25, 2 * half, 50);
      c.fill();
      c.stroke();
      graph.write(node.name, px, py - 10, { font: "600 12px system-ui, sans-serif" });
      if (hasValue(i)) graph.write(formatted(values[i]), px, py + 5);
      if (hasGradient(i)) graph.write(`∂ ${formatted(gradients[i])}`, px, py + 20, { color: "c1" });
    });
    const done = nodes[active];
    stage.say(
      step === 0 ? "Nothing is computed yet: step forward."
      : step <= nodes.length
        ? done.operation
          ? `Forward: ${done.name} = ${formatted(values[active], 3)}, by ${done.operation}.`
          : `Forward: the input ${done.name} = ${formatted(values[active], 3)}.`
        : `Backward: the derivative of ${nodes.at(-1).name} with respect to ${done.name} is ${formatted(gradients[active], 3)}`
          + (done.operation
            ? `; ${done.operation} hands it on to ${done.operands.map(k => nodes[k].name).join(" and ")}.`
            : "."));
  });
};
