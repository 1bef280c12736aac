/**
 * Equations of the guide in plain numbers, and how to call the functions that compute them.
 *
 * One batch element and one write head, and slots of different content and usage, so that all quantities differ.
 */
import * as tf from "@tensorflow/tfjs";

tf.env().set("IS_TEST", true); // no banner

const MEMORY = [
  [1, 2],
  [-1, 0.5],
  [0.3, -2],
];
const KEY = [0.8, -0.4];
const STRENGTH = 0.7; // before softplus, which the published code uses instead of oneplus
const USAGE = [0.9, 0.2, 0.6];
const WRITE = [0.1, 0.5, 0.3]; // weights of the write head
const READS = [
  [0.2, 0.3, 0.4], // weights of two read heads
  [0.7, 0.1, 0.1],
];
const FREE = [0.9, 0.4]; // free gates of both
const LINK = [
  [0, 0.4, 0.1],
  [0.2, 0, 0.3],
  [0.5, 0.1, 0],
];
const PRECEDENCE = [0.3, 0.2, 0.4];
const [ALLOCATION_GATE, WRITE_GATE] = [0.6, 0.8];
const ERASE = [0.3, 0.9];
const VECTOR = [1.5, -0.7];
const MASK = [0.2, 0.9];
const MINIMUM = 0.1;
const [FORWARD_POWER, BACKWARD_POWER] = [2, 3.5];
const EPSILON = 1e-6;
const MODE = { backward: 0.2, forward: 0.3, content: 0.5 };

const SLOTS = [0, 1, 2];
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
const product = (numbers) => numbers.reduce((total, each) => total * each, 1);
const dot = (u, v) => sum(u.map((each, index) => each * v[index]));
const perPair = (value) => SLOTS.flatMap((i) => SLOTS.map((j) => value(i, j)));

const similarity = MEMORY.map((word) => dot(KEY, word) / Math.sqrt(dot(KEY, KEY) * dot(word, word)));
const beta = Math.log(1 + Math.exp(STRENGTH));
const scores = similarity.map((each) => Math.exp(each * beta));
const content = scores.map((score) => score / sum(scores));
const retention = SLOTS.map((i) => product(READS.map((weights, head) => 1 - FREE[head] * weights[i])));
const usage = SLOTS.map((i) => (USAGE[i] + WRITE[i] - USAGE[i] * WRITE[i]) * retention[i]);
const freer = (i) => SLOTS.filter((j) => USAGE[j] < USAGE[i]);
const allocation = SLOTS.map((i) => (1 - USAGE[i]) * product(freer(i).map((j) => USAGE[j])));
const write = SLOTS.map((i) => WRITE_GATE * (ALLOCATION_GATE * allocation[i] + (1 - ALLOCATION_GATE) * content[i]));
const written = MEMORY.flatMap((word, i) =>
  word.map((each, at) => each * (1 - WRITE[i] * ERASE[at]) + WRITE[i] * VECTOR[at]),
);
const precedence = SLOTS.map((i) => (1 - sum(WRITE)) * PRECEDENCE[i] + WRITE[i]);
const link = perPair((i, j) => (i === j ? 0 : (1 - WRITE[i] - WRITE[j]) * LINK[i][j] + WRITE[i] * PRECEDENCE[j]));
const forward = READS.flatMap((weights) => SLOTS.map((i) => dot(LINK[i], weights)));
const backward = READS.flatMap((weights) => SLOTS.map((j) => sum(SLOTS.map((i) => LINK[i][j] * weights[i]))));
const read = SLOTS.map((i) => MODE.backward * backward[i] + MODE.content * content[i] + MODE.forward * forward[i]);

const factors = MASK.map((each) => MINIMUM + (1 - MINIMUM) * each);
const masked = (vector) => vector.map((each, index) => each * factors[index]);
const cosine = (u, v) => dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v));
const maskedScores = MEMORY.map((word) => Math.exp(cosine(masked(KEY), masked(word)) * beta));
const maskedContent = maskedScores.map((score) => score / sum(maskedScores));
const freed = MEMORY.flatMap((word, i) =>
  word.map((each, at) => each * retention[i] * (1 - WRITE[i] * ERASE[at]) + WRITE[i] * VECTOR[at]),
);
const sharpen = (weights, power) => {
  const powers = weights.map((weight) => ((weight + EPSILON) / (Math.max(...weights) + EPSILON)) ** power);
  return powers.map((each) => each / sum(powers));
};
const [sharpForward, sharpBackward] = [
  sharpen(forward.slice(0, 3), FORWARD_POWER),
  sharpen(backward.slice(0, 3), BACKWARD_POWER),
];
const sharpRead = SLOTS.map(
  (i) => MODE.backward * sharpBackward[i] + MODE.content * content[i] + MODE.forward * sharpForward[i],
);

const heads = (rows) => tf.tensor([rows]);
const flat = (numbers) => tf.tensor([numbers]);
const linkage = () => ({ link: tf.tensor([[LINK]]), precedenceWeights: heads([PRECEDENCE]) });

/** The interface parameters for writing and reading. */
const controls = () => ({
  writeKeys: heads([KEY]),
  writeStrengths: flat([STRENGTH]),
  allocationGate: flat([ALLOCATION_GATE]),
  writeGate: flat([WRITE_GATE]),
  eraseVectors: heads([ERASE]),
  writeVectors: heads([VECTOR]),
  readKeys: heads([KEY]),
  readStrengths: flat([STRENGTH]),
  readMode: heads([[MODE.backward, MODE.forward, MODE.content]]),
});

const sharpControls = () => ({
  ...controls(),
  forwardSharpness: heads([[FORWARD_POWER]]),
  backwardSharpness: heads([[BACKWARD_POWER]]),
});

const writes = (f) => f(controls(), heads(MEMORY), flat(USAGE));
const reads = (f) => f(controls(), heads(MEMORY), linkage().link, heads([READS[0]]));
const nextLink = (f) => f(linkage().link, heads([WRITE]), heads([PRECEDENCE]));

/**
 * By the equation as written on the page: its value, and a call for each function that the page names, in that order.
 *
 * @type {Record<string, { value: number[], calls: ((f: Function) => tf.Tensor)[] }>}
 */
export const EQUATIONS = {
  "`C(M, k, β)[i] = exp(D(k, M[i, ·]) β) / Σ_j exp(D(k, M[j, ·]) β)`": {
    value: content,
    calls: [(f) => f(heads(MEMORY), heads([KEY]), flat([STRENGTH])), (f) => f(heads([similarity]), flat([STRENGTH]))],
  },
  "`D(u, v) = u · v / (|u| |v|)`": { value: similarity, calls: [(f) => f(heads(MEMORY), heads([KEY]))] },
  "`ψ_t = Π_i (1 - f_t^i w_{t-1}^{r,i})`": {
    value: retention,
    calls: [(f) => f(flat(FREE), heads(READS))],
  },
  "`u_t = (u_{t-1} + w_{t-1}^w - u_{t-1} ∘ w_{t-1}^w) ∘ ψ_t`": {
    value: usage,
    calls: [(f) => f(flat(USAGE), heads([WRITE]), flat(FREE), heads(READS))],
  },
  "`φ_t = indices of slots, by ascending u_t`": {
    value: perPair((i, j) => Number(freer(i).includes(j))),
    calls: [(f) => f(flat(USAGE.map((each) => 1 - each)))],
  },
  "`a_t[φ_t[j]] = (1 - u_t[φ_t[j]]) Π_{i<j} u_t[φ_t[i]]` (1)": {
    value: allocation,
    calls: [(f) => f(flat(USAGE)), (f) => f(flat(USAGE), flat([ALLOCATION_GATE * WRITE_GATE]))],
  },
  "`c_t^w = C(M_{t-1}, k_t^w, β_t^w)`": { value: content, calls: [(f) => writes(f).contentWeights] },
  "`w_t^w = g_t^w [g_t^a a_t + (1 - g_t^a) c_t^w]` (2)": { value: write, calls: [(f) => writes(f).writeWeights] },
  "`M_t = M_{t-1} ∘ (E - w_t^w e_t^T) + w_t^w v_t^T`": {
    value: written,
    calls: [(f) => f(heads(MEMORY), heads([WRITE]), controls())],
  },
  "`p_t = (1 - Σ_i w_t^w[i]) p_{t-1} + w_t^w`": {
    value: precedence,
    calls: [(f) => f(linkage(), heads([WRITE])).precedenceWeights],
  },
  "`L_t[i, j] = (1 - w_t^w[i] - w_t^w[j]) L_{t-1}[i, j] + w_t^w[i] p_{t-1}[j]`": {
    value: link,
    calls: [(f) => f(linkage(), heads([WRITE])).link, nextLink],
  },
  "`L_t[i, i] = 0`": { value: link, calls: [nextLink] },
  "`f_t^i = L_t w_{t-1}^{r,i}`": { value: forward, calls: [(f) => f(linkage().link, heads(READS))] },
  "`b_t^i = L_t^T w_{t-1}^{r,i}`": { value: backward, calls: [(f) => f(linkage().link, heads(READS))] },
  "`c_t^{r,i} = C(M_t, k_t^{r,i}, β_t^{r,i})`": { value: content, calls: [(f) => reads(f).contentWeights] },
  "`w_t^{r,i} = π_t^i[1] b_t^i + π_t^i[2] c_t^{r,i} + π_t^i[3] f_t^i`": {
    value: read,
    calls: [(f) => reads(f).readWeights],
  },
  "`C(M, k, β, m)[i] = exp(D(k ∘ m', M[i, ·] ∘ m') β) / Σ_j exp(D(k ∘ m', M[j, ·] ∘ m') β)`, `m' = μ + (1 - μ) m`": {
    value: maskedContent,
    calls: [(f) => f(heads(MEMORY), heads([KEY]), flat([STRENGTH]), { masks: heads([MASK]), maskMinimum: MINIMUM })],
  },
  "`M_t = M_{t-1} ∘ ψ_t 1^T ∘ (E - w_t^w e_t^T) + w_t^w v_t^T`": {
    value: freed,
    calls: [(f) => f(heads(MEMORY), heads([WRITE]), controls(), { retention: flat(retention) })],
  },
  "`S(d, s)[i] = ((d[i] + ε) / max(d + ε))^s / Σ_j ((d[j] + ε) / max(d + ε))^s`": {
    value: sharpForward,
    calls: [(f) => f(tf.tensor([[[forward.slice(0, 3)]]]), heads([[FORWARD_POWER]]))],
  },
  "`w_t^{r,i} = π_t^i[1] S(b_t^i, s_t^{b,i}) + π_t^i[2] c_t^{r,i} + π_t^i[3] S(f_t^i, s_t^{f,i})`": {
    value: sharpRead,
    calls: [(f) => f(sharpControls(), heads(MEMORY), linkage().link, heads([READS[0]])).readWeights],
  },
  "`w_t^{r,i} = c_t^{r,i}`": {
    value: content,
    calls: [(f) => f({ ...controls(), readMode: undefined }, heads(MEMORY)).readWeights],
  },
};
