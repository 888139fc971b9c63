// Numbers: how a figure writes them, functions that do not overflow, random numbers that follow from
// their seed, bytes, and the round numbers beside an axis.

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
