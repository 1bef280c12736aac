/** Tests the runner on its reference cases and on changed copies; needs a build. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kindOf, readCaseFile } from "../case-file.mjs";
import { computerOf } from "../kinds.mjs";
import { judge, runCase } from "../run-case.mjs";
import { generator } from "./generator.mjs";

const CASES = fileURLToPath(new URL("../cases/", import.meta.url));
const names = readdirSync(CASES)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));
const folder = mkdtempSync(join(tmpdir(), "parity-"));

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend("cpu");
});
afterAll(() => rmSync(folder, { recursive: true }));

const known = new Map();

/** Computes a case, once for all tests. @returns its results. */
async function computed(name) {
  if (!known.has(name)) {
    const compute = await computerOf(kindOf(name));
    known.set(name, await compute(await readCaseFile(join(CASES, `${name}.json`))));
  }
  return known.get(name);
}

/** Runs a copy of a case after a change. */
function runChanged(name, change) {
  return runCase(changed(name, change));
}

/** Writes a changed copy of a case. @returns its path. */
function changed(name, change) {
  const file = JSON.parse(readFileSync(join(CASES, `${name}.json`), "utf8"));
  change(file);
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(file));
  return path;
}

describe("the reference cases", () => {
  it.each(names)("%s passes and leaves no tensor behind", async (name) => {
    await computed(name);
    const before = tf.memory().numTensors;
    const result = await runCase(join(CASES, `${name}.json`));
    expect(result.failures).toEqual([]);
    expect(result.findings.length).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(names)("%s fails when any number of its results changes by 1e-3", async (name) => {
    const random = generator(names.indexOf(name) + 1);
    const file = JSON.parse(readFileSync(join(CASES, `${name}.json`), "utf8"));
    const places = ["outputs", "grads"].flatMap((section) =>
      Object.entries(file[section] ?? {})
        .filter(([, value]) => typeof value !== "string")
        .map(([quantity]) => [section, quantity]),
    );
    const results = await computed(name);
    expect(judge(await readCaseFile(join(CASES, `${name}.json`)), results).failures).toEqual([]);
    const tries = name.startsWith("training") ? 3 : 12;
    for (let i = 0; i < tries && places.length > 0; i++) {
      const [section, quantity] = places[random(places.length)];
      const index = random(file[section][quantity].data.length);
      const sign = random(2) * 2 - 1;
      const change = (x) => (file[section][quantity].dtype === "int32" ? x + sign : Math.fround(x + sign * 1e-3));
      if (change(file[section][quantity].data[index]) === file[section][quantity].data[index]) continue;
      const path = changed(name, (copy) => {
        copy[section][quantity].data[index] = change(copy[section][quantity].data[index]);
      });
      // The inputs are as they were, and so are the results.
      const { failures } = judge(await readCaseFile(path), results);
      expect(failures, `${section}/${quantity} at ${index}`).not.toEqual([]);
    }
  });

  it("fail when a number is not exact in float32", async () => {
    const { failures } = await runChanged("repeat-copy-cost__large-logits", ({ grads }) => {
      grads["timeavg_nats/mask"].data[1] += 1e-3;
    });
    expect(failures[0]).toMatch(/^grads\/timeavg_nats\/mask: 395818688.001 at 1 is not a float32$/);
  });

  it("fail when a text or a drawn integer changes", async () => {
    const name = "repeat-copy-data__normmax7";
    const changes = [
      ({ outputs }) => {
        outputs.human_readable = outputs.human_readable.replace("5", "4");
      },
      ({ outputs }) => {
        outputs.human_readable_with_output_whole_batch += "\n";
      },
      ({ extra }) => extra.num_repeats[0]--,
      ({ extra }) => extra.sequence_lengths[1]++,
      ({ extra }) => {
        extra.patterns[0][0][0] = 1 - extra.patterns[0][0][0];
      },
      ({ inputs }) => {
        const { data } = inputs.model_output;
        data[data.indexOf(1)] = 0;
      },
    ];
    for (const change of changes) expect((await runChanged(name, change)).failures).not.toEqual([]);
  });
});

describe("a case file", () => {
  const name = "addressing-weighted-softmax__overflow";
  it.each([
    ["a section", (file) => (file.surprise = {}), 'unknown section "surprise"'],
    ["an output", (file) => (file.outputs.surprise = file.outputs.weights), "outputs/surprise: not computed"],
    ["a gradient", (file) => (file.grads.surprise = file.grads.strengths), "grads/surprise: not computed"],
    ["a cotangent", (file) => (file.inputs.cotangents.surprise = file.grads.strengths), "there is no such output"],
  ])("with %s unknown to the runner fails", async (_, change, why) => {
    const { failures } = await runChanged(name, (file) => void change(file));
    expect(failures.join()).toContain(why);
  });

  it.each([
    ["too few numbers", (file) => file.outputs.weights.data.pop(), "needs 16 numbers, got 15"],
    ["no number", (file) => (file.outputs.weights.data[0] = null), "expected a finite number at 0, got null"],
    ["a shape that config does not imply", (file) => file.config.memory_size++, "expected [2,2,5] from config"],
    ["nothing to compare", (file) => (file.outputs = {}), "the case lists nothing to compare"],
    ["no cotangents", (file) => (file.inputs.cotangents = {}), "missing, but gradients are listed"],
    ["an inflated rounding", (file) => (file.f64_max_abs_diff.outputs.weights = 1e-4), "the file says 0.0001"],
  ])("with %s fails with a reason", async (_, change, why) => {
    const { failures } = await runChanged(name, (file) => void change(file));
    expect(failures.join()).toContain(why);
  });

  it("that is not JSON or of an unknown kind fails", async () => {
    mkdirSync(join(folder, "odd"));
    const odd = (file) => join(folder, "odd", file);
    writeFileSync(odd("util-reduce-prod__broken.json"), "{");
    cpSync(join(CASES, "util-batch-gather__gather.json"), odd("other__gather.json"));
    expect((await runCase(odd("util-reduce-prod__broken.json"))).failures[0]).toMatch(/JSON/);
    expect((await runCase(odd("other__gather.json"))).failures[0]).toMatch(/^unknown kind "other"; expected one of /);
  });
});
