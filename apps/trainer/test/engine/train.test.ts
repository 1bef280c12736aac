/** Runs on each engine of the CPU backend, and resumed on another. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngines } from "@dnc/core/engine";
import { availableInstructionSets, whyUnavailable } from "@dnc/engine-native";
import { afterAll, describe, expect, it } from "vitest";
import { openNetwork } from "../../src/commands/open-network.js";
import type { EngineName } from "../../src/engine/engine-name.js";
import { selectEngine } from "../../src/engine/select-engine.js";
import { readTrainedRun } from "../../src/flags/gate.js";
import { rewriteState } from "../rewrite-state.js";
import { SMALL, temporaryFolder } from "../support.js";
import { REVERSE, train as trainFile, userFolder } from "../task/task-file-support.js";
import { dncTrain, remains } from "../train-in-process.js";

afterAll(() => selectEngine({ requested: "wasm" }));

const COMMAND = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
const isBuilt = whyUnavailable() === undefined;
const words = { ...SMALL, seed: "5", report_interval: "4" };
const kernelEngine = () => findEngines("cpu").find((engine) => "kernels" in engine)?.name;
const within = "numbers continue within tolerance, not to the last bit";

/** Trains on an engine; returns the folder. */
async function trained(engine: string, iterations = "6"): Promise<string> {
  const run = join(temporaryFolder(), "run");
  await dncTrain({ ...words, engine, num_training_iterations: iterations, checkpoint_dir: run });
  return run;
}

/** Tests of one engine. */
function testsOf(name: EngineName) {
  const kernels = name === "ops" ? undefined : name;

  it("trains and records the engine, which a resumed run takes again for the same bits", async () => {
    const [one, two] = [await trained(name, "9"), await trained(name)];
    expect(kernelEngine()).toBe(kernels);
    const { state, config } = remains(one, 9);
    expect(state.engine).toBe(name);
    expect(state.versions).toHaveProperty("@dnc/engine-native");
    expect(config).not.toContain("engine");
    await selectEngine({ requested: "wasm" });
    expect(await dncTrain({ resume: two, num_training_iterations: "9", threads: "3" })).toEqual([]);
    expect(kernelEngine()).toBe(kernels);
    expect(remains(two, 9)).toEqual(remains(one, 9));
  });

  it("computes what is read from a run, too", async () => {
    const run = await trained("wasm");
    const { config } = await readTrainedRun(run, () => {});
    const { network } = await openNetwork(run, config, {
      checkpoint: "latest",
      backend: "auto",
      engine: name,
    });
    expect(kernelEngine()).toBe(kernels);
    network.dispose();
  });
}

describe.each(["wasm", "ops"] as const)("--engine=%s", testsOf);
describe.skipIf(!isBuilt)("--engine=native (needs the native engine; npm run build:native)", () => testsOf("native"));

it("a run that resumes on another engine on request says that its last bits differ, and records it", async () => {
  const run = await trained("wasm");
  const notices = await dncTrain({ resume: run, engine: "ops", num_training_iterations: "7" });
  expect(notices).toEqual([`the run was on engine wasm: its ${within}`]);
  expect(remains(run, 7).state).toMatchObject({ engine: "ops", instruction_set: null });
});

it("a run whose loss no engine supports is refused with --engine, and nothing is written", () => {
  const mean = REVERSE.replace("defineTask({", "({ ...defineTask({").replace(
    "  });\n",
    "  }), timeAverage: true });\n",
  );
  const folder = userFolder(mean);
  const [refused, done] = ["wasm", "ops"].map((engine) =>
    trainFile(folder, `--engine=${engine}`, "--num_training_iterations=2", `--checkpoint_dir=${engine}`),
  );
  const reason = "this run trains with TensorFlow.js ops (loss: expected the sum over time in nats)";
  expect(refused.stderr).toBe(`dnc: --engine: expected auto or ops, got wasm: ${reason}\n`);
  expect([refused.status, existsSync(join(folder, "wasm"))]).toEqual([2, false]);
  expect([done.status, done.stderr]).toEqual([0, ""]);
});

describe.skipIf(!isBuilt)("the native engine (needs the native engine; npm run build:native)", () => {
  it("is what auto takes, and gives way to WebAssembly with a sentence", async () => {
    const run = await trained("auto");
    expect(remains(run, 6).state).toMatchObject({ engine: "native", instruction_set: availableInstructionSets()[0] });
    const notices = await dncTrain({ resume: run, engine: "wasm", num_training_iterations: "7" });
    expect(notices).toEqual([`the run was on engine native: its ${within}`]);
    // From then on the run is WebAssembly's.
    expect(await dncTrain({ resume: run, num_training_iterations: "8" })).toEqual([]);
    expect(remains(run, 8).state.engine).toBe("wasm");
  });

  it("continues on the instruction set of the checkpoint, or says that there is none", async () => {
    for (const set of [...availableInstructionSets(), "neon4"]) {
      const run = await trained("native");
      await rewriteState(join(run, "checkpoints/step-00000006"), { instruction_set: set });
      const notices = await dncTrain({ resume: run, num_training_iterations: "7" });
      const isHere = set !== "neon4";
      expect(notices).toEqual(isHere ? [] : [`this machine has no native engine with ${set}: the run's ${within}`]);
      expect(remains(run, 7).state.instruction_set).toBe(isHere ? set : availableInstructionSets()[0]);
    }
  });

  it("gives the same bits on any number of threads, killed in between or not", async () => {
    const folder = temporaryFolder();
    const dnc = (name: string, ...more: string[]) =>
      [
        "train",
        ...Object.entries(words).map(([flag, word]) => `--${flag}=${word}`),
        "--num_training_iterations=2000",
      ].concat(
        ["--backend=cpu", "--engine=native", "--checkpoint_interval=100", `--checkpoint_dir=${join(folder, name)}`],
        more,
      );
    const results = [];
    for (const threads of [1, 2]) {
      const run = join(folder, `threads-${threads}`);
      const child = spawn(process.execPath, [COMMAND, ...dnc(`threads-${threads}`, `--threads=${threads}`)], {
        stdio: "ignore",
      });
      const timer = setInterval(() => existsSync(join(run, "checkpoints/latest")) && child.kill("SIGKILL"), 5);
      const signal = await new Promise((resolve) => child.on("close", (_, signal) => resolve(signal)));
      clearInterval(timer);
      expect(signal).toBe("SIGKILL");
      expect(await dncTrain({ resume: run, threads: String(3 - threads) })).toEqual([]);
      results.push(remains(run, 2000));
    }
    const whole = spawnSync(process.execPath, [COMMAND, ...dnc("whole")], { stdio: "ignore" });
    expect(whole.status).toBe(0);
    for (const result of results) expect(result).toEqual(remains(join(folder, "whole"), 2000));
  });
});

describe("without the native engine", () => {
  /** Starts a command, or a script, in a process that finds no binary. */
  const start = (...args: string[]) =>
    spawnSync(process.execPath, ["--require", fileURLToPath(new URL("without-native.cjs", import.meta.url)), ...args], {
      encoding: "utf8",
    });
  const missing = /the package @dnc\/engine-native-[a-z0-9-]+, which is not installed/;
  const flags = [...Object.entries(words).map(([name, word]) => `--${name}=${word}`), "--num_training_iterations=2"];
  const train = (run: string, ...more: string[]) =>
    start(COMMAND, "train", ...flags, `--checkpoint_dir=${run}`, "--backend=cpu", ...more);

  it("everything runs in WebAssembly, and --engine=native is refused with the reason", () => {
    const run = join(temporaryFolder(), "run");
    const refused = train(run, "--engine=native");
    expect([refused.status, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toMatch(new RegExp(`^dnc: --engine native: expected ${missing.source}\n$`));
    expect(existsSync(run)).toBe(false);
    const { status, stdout, stderr } = train(run);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^engine +fused WebAssembly kernel/m);
    expect(stdout).not.toContain("native");
    for (const command of ["eval", "trace", "report"])
      expect(start(COMMAND, command, run, "--backend=cpu")).toMatchObject({ status: 0, stderr: "" });
    const refusedToo = start(COMMAND, "eval", run, "--engine=native");
    expect(refusedToo.stderr).toMatch(new RegExp(`^dnc: --engine native: expected ${missing.source}\n$`));
  });

  it("a run that began on it continues in WebAssembly, and says so", () => {
    const run = join(temporaryFolder(), "run");
    expect(train(run).status).toBe(0);
    return rewriteState(join(run, "checkpoints/step-00000002"), { engine: "native", instruction_set: "avx2" }).then(
      () => {
        const { status, stdout } = start(COMMAND, "train", `--resume=${run}`, "--num_training_iterations=3");
        expect(status).toBe(0);
        expect(stdout).toContain(`this machine has no native engine with avx2: the run's ${within}\n`);
        expect(remains(run, 3).state.engine).toBe("wasm");
      },
    );
  });

  it("dnc doctor says why, and how to get it", () => {
    const { status, stdout } = start(COMMAND, "doctor", "--backend=cpu");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^ +native engine +expected ${missing.source}: install @dnc/engine-native again, with its optional dependencies$`,
        "m",
      ),
    );
    expect(stdout).toMatch(/^ +engine +fused WebAssembly kernel/m);
  });

  it("dnc train names the command that builds it once, if there is one", () => {
    const folder = temporaryFolder();
    const script = join(folder, "start.mjs");
    const main = new URL("../../dist/index.js", import.meta.url).href;
    writeFileSync(
      script,
      `const { main } = await import(${JSON.stringify(main)});
       process.exitCode = await main(process.argv.slice(2), { buildNative: "npm run build:native" });`,
    );
    const named = (...more: string[]) => {
      const { status, stdout, stderr } = start(script, "train", ...flags, "--backend=cpu", ...more);
      expect(status, stderr).toBe(0);
      return `${stdout}${stderr}`.split("build:native").length - 1;
    };
    const run = join(folder, "run");
    expect(named(`--checkpoint_dir=${run}`)).toBe(1);
    // What is requested, or continues, would not use it.
    expect(named(`--resume=${run}`, "--num_training_iterations=3")).toBe(0);
    expect(named(`--checkpoint_dir=${join(folder, "wasm")}`, "--engine=wasm")).toBe(0);
    expect(named(`--checkpoint_dir=${join(folder, "json")}`, "--json")).toBe(0);
  });
});

describe.skipIf(!isBuilt)("dnc doctor (needs the native engine; npm run build:native)", () => {
  it("shows the instruction sets and threads of the native engine, which it times", () => {
    const { stdout } = spawnSync(process.execPath, [COMMAND, "doctor", "--backend=cpu"], { encoding: "utf8" });
    const sets = availableInstructionSets();
    expect(stdout).toMatch(new RegExp(`^ +native engine +${sets.join(", ")}; (1 thread|up to \\d threads)$`, "m"));
    expect(stdout).toMatch(new RegExp(`^ +engine +fused native kernel \\(${sets[0]}\\), `, "m"));
  });
});
