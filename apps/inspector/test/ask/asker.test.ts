import { Dnc } from "@dnc/core";
import "@dnc/engine-wasm";
import { PRETRAINED } from "@dnc/pretrained";
import { readPretrained } from "@dnc/pretrained/node";
import type { CompleteTask } from "@dnc/settings";
import { babi, generateBabiStories, shortestPath } from "@dnc/tasks";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { tallyOf } from "../../src/page/ask/say.js";
import { SequenceTrace } from "../../src/page/trace/trace.js";
import { NetworkBench } from "../../src/page/worker/network-bench.js";
import type { DrawnQuestion } from "../../src/page/worker/question.js";
import { askStory, drawStory } from "../../src/page/worker/story.js";
import { traceView } from "../../src/page/worker/trace-view.js";

beforeAll(() => tf.setBackend("cpu"));

describe.each(PRETRAINED.map(({ name }) => name))("%s", (name) => {
  const drawn: DrawnQuestion = { kind: "drawn", seed: 3, sizes: {} };

  it("answers a question that was drawn as it answers the drawn sequence, by the engine and traced", async () => {
    const bench = new NetworkBench();
    const facts = await bench.open(await readPretrained(name));
    const question = await bench.question(drawn);
    expect(question.kind === "drawn").toBe(facts.task === "dynamic-n-grams");
    const [asked, whole, traced] = [
      await bench.ask(question),
      await bench.ask(drawn),
      await bench.ask(question, { traced: true }),
    ];
    for (const part of ["observations", "target", "mask", "output"])
      expect(asked.trace.quantities[part]).toEqual(whole.trace.quantities[part]);
    expect(tallyOf(traced)).toEqual(tallyOf(asked));
    expect(new SequenceTrace(asked.trace).slots).toBe(0);
    expect(new SequenceTrace(traced.trace).slots).toBe(facts.memorySize);
  });

  it("has another memory and lesions when it is asked so, and is intact again after them", async () => {
    const bench = new NetworkBench();
    await bench.open(await readPretrained(name));
    const question = await bench.question(drawn);
    const before = await bench.ask(question);
    const larger = await bench.ask(question, { memorySize: 50, traced: true });
    expect(new SequenceTrace(larger.trace).slots).toBe(50);
    const lesioned = await bench.ask(question, { lesions: { noAllocation: true, readHeadsOff: [0] } });
    expect(lesioned.trace.quantities.output).not.toEqual(before.trace.quantities.output);
    expect(await bench.ask(question)).toEqual(before);
    await expect(bench.ask(question, { memorySize: 5000 })).rejects.toThrow(
      "Memory slots: expected an integer from 1 to 1024, got 5000.",
    );
    await expect(bench.ask(question, { lesions: { readHeadsOff: [7] } })).rejects.toThrow("readHeadsOff");
    expect(await bench.ask(question)).toEqual(before);
  });
});

it("draws sequences of the sizes that are asked for", async () => {
  const bench = new NetworkBench();
  await bench.open(await readPretrained("graph-traversal"));
  const question = await bench.question({ kind: "drawn", seed: 1, sizes: { nodes: 15, degree: 2, path: 4 } });
  if (question.kind !== "traversal") throw new Error("expected a path");
  expect(question.asked.edges).toHaveLength(30);
  expect(question.asked.path).toHaveLength(4);
  await expect(bench.question({ kind: "drawn", seed: 1, sizes: { nodes: 1 } })).rejects.toThrow(/nodes/);
});

it("shows the graph of a walk whose inputs depend on the answers, in which nothing is right or wrong", async () => {
  const task = shortestPath({ minNodes: 4, maxNodes: 5, minDegree: 1, maxDegree: 2, minPath: 2, maxPath: 2 });
  const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, hiddenSize: 8, seed: 1 });
  const view = await traceView(network, task, 1, { traced: false });
  expect(view.withoutTargets).toBe(true);
  expect(view.graph?.queries).toHaveLength(1);
  expect(view.graph?.edges.length).toBeGreaterThan(3);
});

describe("a story", () => {
  const task = babi({ stories: generateBabiStories({ task: 1, stories: 20, seed: 1 }) }) as unknown as CompleteTask;
  const ask = (...lines: string[]) => {
    const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, hiddenSize: 8, seed: 1 });
    return askStory(network, task, lines, {});
  };

  it("is asked word by word, and its right answer is known", async () => {
    const view = await ask("Mary went to the office", "  John   moved to the garden. ", "", "Where is Mary?");
    const trace = new SequenceTrace(view.trace);
    expect(trace.timeSteps).toBe(6 + 6 + 4 + 1);
    const target = Array.from(trace.at("target", 16)).indexOf(1);
    expect(view.labels?.targets[target]).toBe("office");
    expect(view.withoutTargets).toBe(false);
    const output = trace.at("output", 16);
    expect(output.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });

  it("has nothing right or wrong where the rules do not know it", async () => {
    expect((await ask("Office the Mary.", "Where is Mary?")).withoutTargets).toBe(true);
  });

  it("names words that the network does not know, and asks for a question", async () => {
    await expect(ask("Mary bought a zebra.", "Where is Mary?")).rejects.toThrow(
      /^This network does not know “bought”, “a”, “zebra”\. It knows \d+ words/,
    );
    await expect(ask("Mary went to the office.")).rejects.toThrow(
      "Ask a question: a line that ends with a question mark.",
    );
  });

  it("that the task draws can be asked", async () => {
    const { lines, words } = drawStory(task as never, 5);
    expect(lines.some((line) => line.endsWith("?"))).toBe(true);
    expect(words).toContain("mary");
    expect((await ask(...lines)).withoutTargets).toBe(false);
  });
});
