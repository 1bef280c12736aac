/**
 * Tests the kind `addressing-temporal-linkage`, whose reference files are large, on a small case computed in plain
 * numbers.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCase } from "../run-case.mjs";

const SLOTS = 3;
const WRITES = [
  [0.5, 0.25, 0],
  [0, 0.5, 0.125],
];
const READS = [
  [0.25, 0.25, 0.5],
  [0, 1, 0],
];
const folder = mkdtempSync(join(tmpdir(), "parity-"));

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend("cpu");
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["passes as it is", 0, true],
  ["fails with one link off by 1e-3", 1e-3, false],
])("temporal linkage %s", async (_, off, passes) => {
  const outputs = linkage();
  outputs.link.data[SLOTS * SLOTS + 1] += off;
  outputs.link.data = outputs.link.data.map(Math.fround);
  const inputs = {
    write_weights: tensor([2, 1, 1, SLOTS], WRITES.flat()),
    prev_read_weights: tensor([2, 1, 1, SLOTS], READS.flat()),
    init_link: tensor([1, 1, SLOTS, SLOTS], new Array(SLOTS * SLOTS).fill(0)),
    init_precedence: tensor([1, 1, SLOTS], [0.25, 0, 0.5]),
  };
  const config = { batch: 1, memory_size: SLOTS, num_writes: 1, num_reads: 1, steps: 2 };
  const path = join(folder, "addressing-temporal-linkage__plain.json");
  writeFileSync(path, JSON.stringify({ config, inputs, outputs }));
  const { failures, compared } = await runCase(path);
  expect(compared.outputs).toEqual(["link", "precedence_weights", "forward_weights", "backward_weights"]);
  expect(failures.length === 0).toBe(passes);
});

/** `L[i,j] = (1 - w_i - w_j) L[i,j] + w_i p_j` off the diagonal, then `p = (1 - sum w) p + w`. */
function linkage() {
  const [links, precedences, forward, backward] = [[], [], [], []];
  let link = Array.from({ length: SLOTS }, () => new Array(SLOTS).fill(0));
  let precedence = [0.25, 0, 0.5];
  WRITES.forEach((w, step) => {
    const [before, latest] = [link, precedence];
    link = before.map((row, i) => row.map((x, j) => (i === j ? 0 : (1 - w[i] - w[j]) * x + w[i] * latest[j])));
    const written = w.reduce((sum, x) => sum + x);
    precedence = latest.map((p, i) => (1 - written) * p + w[i]);
    links.push(link);
    precedences.push(precedence);
    forward.push(link.map((row) => dot(row, READS[step])));
    backward.push(
      link.map((_, j) =>
        dot(
          link.map((row) => row[j]),
          READS[step],
        ),
      ),
    );
  });
  return {
    link: tensor([2, 1, 1, SLOTS, SLOTS], links.flat(2)),
    precedence_weights: tensor([2, 1, 1, SLOTS], precedences.flat()),
    forward_weights: tensor([2, 1, 1, 1, SLOTS], forward.flat()),
    backward_weights: tensor([2, 1, 1, 1, SLOTS], backward.flat()),
  };
}

function tensor(shape, data) {
  return { shape, dtype: "float32", data };
}

function dot(a, b) {
  return a.reduce((sum, x, index) => sum + x * b[index], 0);
}
