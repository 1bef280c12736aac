import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isBuilt } from "./support.js";

/** Prepares `network` and `SHAPE` in a program; `networks(count)` makes more. */
const START = `
import { pathToFileURL } from "node:url";
import { Worker, isMainThread } from "node:worker_threads";
const { hosts } = await import(${JSON.stringify(new URL("../dist/hosts.js", import.meta.url))});
const sizes = { controller: "lstm", layers: 1, hiddenSize: 64, inputSize: 6, outputSize: 5, memorySize: 32, wordSize: 16, readHeads: 4,
  writeHeads: 1, clipValue: 20, masking: false, maskMinimum: 0, deallocation: false, sharpness: false, links: true };
const SHAPE = { timeSteps: 60, batchSize: 8, maxThreads: 3, history: true, training: true };
const create = () => {
  const network = hosts.get().createNetwork(sizes);
  network.set({ maxNorm: 10, learningRate: 1e-4, decay: 0.9, epsilon: 1e-10 });
  network.prepare(SHAPE);
  return network;
};
const network = create();
network.run("train");
`;

/** Runs a program to its end. @returns its exit status and what it printed; it is killed after a minute. */
function run(program: string, flags: readonly string[] = []) {
  const args = [...flags, "--input-type=module", "--eval", START + program];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  return { status, signal, output: stdout + stderr };
}

/** A worker that runs the program again from its start. */
const WORKER = (program: string) => `
const program = ${JSON.stringify(START + program)};
const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(program)));
`;

describe.skipIf(!isBuilt)("a process (needs the native engine; npm run build:native)", () => {
  it("ends by itself: threads that wait do not keep it", () => {
    expect(run(`console.log(network.threadsUsed);`)).toEqual({ status: 0, signal: null, output: "3\n" });
  });

  it("ends by process.exit while a command runs", () => {
    const program = `for (let i = 0; i < 3; i++) create().runAsync("train"); setTimeout(() => process.exit(7), 1);`;
    expect(run(program)).toEqual({ status: 7, signal: null, output: "" });
  });

  it("gives each worker threads of its own, and ends with them", () => {
    const program = `${WORKER(`console.log(network.threadsUsed);`)}
      await new Promise((resolve) => worker.on("exit", resolve));
      network.run("train");
      console.log(network.threadsUsed);`;
    expect(run(program)).toEqual({ status: 0, signal: null, output: "3\n3\n" });
  });

  it("survives a worker that is terminated while a command runs", () => {
    const program = `${WORKER(`for (;;) await Promise.all([network.runAsync("train"), create().runAsync("train")]);`)}
      await new Promise((resolve) => worker.on("online", resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await worker.terminate();
      network.run("train");
      console.log(network.threadsUsed);`;
    for (let attempt = 0; attempt < 3; attempt++)
      expect(run(program)).toEqual({ status: 0, signal: null, output: "3\n" });
  });

  it("frees networks that nothing refers to, without dispose", () => {
    const program = `
      const before = process.memoryUsage.rss();
      for (let i = 0; i < 100; i++) {
        create().run("train");
        if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve)), gc();
      }
      console.log(process.memoryUsage.rss() - before < 250e6);`;
    expect(run(program, ["--expose-gc"])).toEqual({ status: 0, signal: null, output: "true\n" });
  });
});
