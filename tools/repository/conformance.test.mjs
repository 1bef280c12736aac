/**
 * Tests that each engine computes the same as the definition, up to rounding, or returns a reason why it does not
 * support the configuration.
 */
import { Dnc, unroll } from "@dnc/core";
import { supportsCore } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, vi } from "vitest";
import { COLUMNS, hasBackend, loadAlone } from "./conformance/columns.mjs";
import {
  batchesOf,
  RMS_PROP,
  resultsOf,
  stepByStep,
  trainedByDefinition,
  trainedByEngine,
  trainedThroughOp,
} from "./conformance/definition.mjs";
import { ROWS, TRAININGS } from "./conformance/table.mjs";

tf.enableProdMode();
vi.spyOn(console, "warn").mockImplementation(() => {}); // engines warn once of what they do not support

const STEPS = 20;
/**
 * Tolerance relative to the largest number of a tensor, or to 1. It is larger for words of one number, whose
 * similarities are 1 or -1 up to an epsilon.
 */
const closeness = ({ wordSize }) => (wordSize === 1 ? 2e-4 : 5e-5);

const available = await Promise.all(Object.values(COLUMNS).map(({ backend }) => hasBackend(backend)));
const [computed, others] = [true, false].map((isThere) =>
  Object.entries(COLUMNS).filter((_, index) => available[index] === isThere),
);

describe.each(computed)("the engine %s", (_name, column) => {
  const rows = ROWS.filter((_row, index) => column.reads?.(index) ?? true);

  it.each(rows)("$name", async ({ config }) => {
    const engine = await loadAlone(column);
    await tf.setBackend("cpu");
    const expected = await resultsOf(config, stepByStep);
    await tf.setBackend(column.backend);
    expectSame(await resultsOf(config, unroll), expected, config);
    if (engine.supports({ layers: 1, ...config }) === true) await expectSameTraining(engine, column, config);
  });

  it("refuses parts of a configuration with a reason, whatever the rest is, and creates no trainer for it", async () => {
    const engine = await loadAlone(column);
    await tf.setBackend("cpu");
    const refused = new Map(column.refuses.map((part) => [part, new Set()]));
    const isRefused = (config) => column.refuses.some((part) => refused.get(part).has(config[part]));
    const results = ROWS.map(({ config }) => {
      const core = new Dnc(config);
      const supported = supportsCore(engine, core);
      if (supported !== true) {
        const [, part] = /^([\w.]+): expected .+, got .+$/.exec(supported) ?? expect.fail(supported);
        expect(column.refuses).toContain(part);
        refused.get(part).add(config[part]);
        if (column.trains ?? true) expect(() => engine.createTrainer(core)).toThrow(new TypeError(supported));
      }
      core.dispose();
      return supported === true;
    });
    expect(results).toEqual(ROWS.map(({ config }) => !isRefused(config)));
    expect(results).toContain(true);
  });
});

describe.each(computed.filter(([, { trains = true }]) => trains))("the trainer of the engine %s", (_name, column) => {
  it.each(Object.entries(TRAININGS))("trains with %s, or reports why not", async (_training, options) => {
    const engine = await loadAlone(column);
    await tf.setBackend(column.backend);
    const core = new Dnc(ROWS[0].config);
    const supported = supportsCore(engine, core, options);
    const create = () => engine.createTrainer(core, options).dispose();
    if (supported === true) expect(create).not.toThrow();
    else expect(create).toThrow(new TypeError(supported));
    core.dispose();
  });
});

describe.skipIf(others.length === 0)(
  "every engine is tested (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
  () => {
    it.each(others)("%s", (name) => expect(COLUMNS).toHaveProperty(name));
  },
);

function expectSame(actual, expected, config) {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, values] of expected) expectClose(name, actual.get(name), values, closeness(config));
}

async function expectSameTraining(engine, { backend }, config) {
  const batches = batchesOf(config, STEPS);
  await tf.setBackend("cpu");
  const expected = await trainedByDefinition(config, batches);
  await tf.setBackend(backend);
  const isTrainer = "createTrainer" in engine;
  const actual = await (isTrainer ? trainedByEngine(engine, config, batches) : trainedThroughOp(config, batches));
  expect(actual.steps.map(({ applied }) => applied)).toEqual(batches.map(() => true));
  for (const part of ["loss", "globalNorm"]) {
    const [own, others] = [actual, expected].map(({ steps }) => steps.map((step) => step[part]));
    expectClose(part, own, others, 1e-4);
  }
  expectClose("parameters", actual.parameters, expected.parameters, STEPS * RMS_PROP.learningRate * 1e-2);
  expectClose("mean squares", actual.meanSquares, expected.meanSquares, 1e-4);
}

/** Expects each difference to be at most this fraction of the largest number, or of 1. */
function expectClose(name, actual, expected, share) {
  expect(actual.length, name).toBe(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (const [index, value] of expected.entries())
    if (!(actual[index] === value || Math.abs(actual[index] - value) <= share * scale))
      expect.fail(`${name}[${index}]: expected ${value}, got ${actual[index]}`);
}
