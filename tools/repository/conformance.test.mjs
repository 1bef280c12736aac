/**
 * Tests that each engine computes the same as the definition, up to rounding, or returns a reason why it does not
 * support the configuration. `npm run conformance -- --all` compares all rows, not only those in which every two values meet.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unroll } from "@dnc/core";
import { whyUnavailable } from "@dnc/engine-native";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, vi } from "vitest";
import { root } from "../pnpm.mjs";
import { compareSequence, compareTraining, whyNotNetwork, whyNotTraining } from "./conformance/cell.mjs";
import { COLUMNS, hasBackend, listedEngines, loadAlone } from "./conformance/columns.mjs";
import { enginesPage } from "./conformance/page.mjs";
import { createNetwork, ROWS } from "./conformance/table.mjs";

tf.enableProdMode();
const warn = vi.spyOn(console, "warn").mockImplementation(() => {}); // engines warn once of what they do not support

const hasWebGpu = await hasBackend(COLUMNS.webgpu.backend);
const { native: _native, webgpu: _webgpu, ...everywhere } = COLUMNS;

describe.each(Object.entries(everywhere))("the engine %s", (_name, column) => testsOf(column));

describe.skipIf(!hasWebGpu)("the engine webgpu (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () =>
  testsOf(COLUMNS.webgpu),
);

describe.skipIf(whyUnavailable() !== undefined)(
  "the engine native (needs the native engine; npm run build:native)",
  () => {
    testsOf(COLUMNS.native);

    it("answers as the page says", async () => {
      const [engine, listed] = [await COLUMNS.native.load(), await COLUMNS.native.listed()];
      for (const row of ROWS) {
        expect(whyNotNetwork(engine, row)).toBe(whyNotNetwork(listed, row));
        expect(whyNotTraining(engine, row)).toBe(whyNotTraining(listed, row));
      }
    });
  },
);

/** Tests that the engine of a column computes or refuses each row. */
function testsOf(column) {
  const rows = ROWS.filter((_row, index) => column.reads?.(index) ?? true);

  it.each(rows)("$name", async (row) => {
    const engine = await loadAlone(column);
    await tf.setBackend(column.backend);
    const refused = whyNotNetwork(engine, row);
    if (refused !== undefined) return expectRefused(column, row, refused);
    expect(await compareSequence(column, row)).toBeUndefined();
    if (whyNotTraining(engine, row) === undefined) expect(await compareTraining(engine, column, row)).toBeUndefined();
  });

  it("refuses what it does not compute for a reason that the table knows, and creates no trainer for it", async () => {
    const engine = await loadAlone(column);
    await tf.setBackend(column.backend);
    for (const row of ROWS) {
      const reason = whyNotTraining(engine, row);
      if (reason === undefined) continue;
      expect(
        column.refuses.some((expected) => expected.test(reason)),
        reason,
      ).toBe(true);
      if (!("createTrainer" in engine)) continue;
      const core = createNetwork(row.network);
      expect(() => engine.createTrainer(core, row.training)).toThrow(new TypeError(reason));
      core.dispose();
    }
  });
}

/** A refused network runs by the definition, and the console says why. */
async function expectRefused({ backend }, { network }, reason) {
  expect(reason).toMatch(/^[\w.]+: expected .+, got .+$/);
  const outputs = await outputsOn(backend, network);
  expect(warn.mock.calls.flat().filter((message) => message.includes(reason) || /stock/.test(message))).not.toEqual([]);
  await tf.setBackend("cpu");
  const kernels = ["DncUnroll", "DncUnrollGradient", "DncUnrollOps"];
  for (const kernel of kernels) if (tf.getKernel(kernel, "cpu")) tf.unregisterKernel(kernel, "cpu");
  const expected = await outputsOn("cpu", network);
  for (const [index, value] of expected.entries()) expect(Math.abs(outputs[index] - value)).toBeLessThan(1e-5);
}

/** A network of its own for each backend, and nothing read synchronously: WebGPU can't do that in Node. */
async function outputsOn(backend, network) {
  await tf.setBackend(backend);
  const core = createNetwork(network);
  const outputs = tf.tidy(() => unroll(core, tf.ones([2, 1, network.inputSize])).outputs);
  const values = await outputs.data();
  outputs.dispose();
  core.dispose();
  return values;
}

it("docs/guide/engines.md says what the engines answer (npm run conformance -- --write writes it)", async () => {
  await tf.setBackend("cpu");
  expect(readFileSync(join(root, "docs/guide/engines.md"), "utf8")).toBe(enginesPage(await listedEngines()));
});
