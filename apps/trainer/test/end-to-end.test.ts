/** Tests the command in a separate process; needs the build. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SMALL, temporaryFolder } from "./support.js";

const COMMAND = fileURLToPath(new URL("../bin/dnc.js", import.meta.url));
const SMALL_FLAGS = Object.entries(SMALL).map(([name, value]) => `--${name}=${value}`);
// biome-ignore lint/suspicious/noControlCharactersInRegex: searches for control characters
const CONTROL_CHARACTERS = /[\x00-\x09\x0b-\x1f\x7f]/;

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `dnc` in `cwd`; `watch` sees the process and all of its standard output so far. */
function dnc(args: readonly string[], cwd: string, watch?: (child: ChildProcess, out: string) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
      watch?.(child, out);
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

/** Sends each signal once, after the first report. */
function signalled(...signals: readonly NodeJS.Signals[]): (child: ChildProcess, out: string) => void {
  let sent = false;
  return (child, out) => {
    if (sent || !out.includes("iteration 1/")) return;
    sent = true;
    for (const signal of signals) child.kill(signal);
  };
}

const metricsOf = (run: string) => readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");

describe("dnc train", () => {
  it("creates a new run below runs/, with plain lines when piped", async () => {
    const cwd = temporaryFolder();
    const args = ["train", ...SMALL_FLAGS, "--num_training_iterations=4", "--report-interval", "2", "--seed=3"];
    const { status, out, err } = await dnc(args, cwd);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).not.toMatch(CONTROL_CHARACTERS);
    expect(out).toMatch(/^model .* 799 parameters in 24 tensors$/m);
    expect(out).toMatch(/^backend +cpu: /m);
    expect(out).toMatch(/^iteration 2\/4: loss \d+\.\d{4}, exact match \d+\.\d%, [\d.]+ it\/s, .* left$/m);
    expect(out).toMatch(/^iteration 4\/4: /m);
    expect(out).toMatch(/^Done: 4 iterations in .*\.\nLoss (fell|rose) from /m);
    const [name] = readdirSync(join(cwd, "runs"));
    expect(name).toMatch(/^repeat-copy-\d{8}-\d{6}-seed3$/);
    expect(out).toContain(`The run is in runs/${name}, its weights in checkpoints/step-00000004 there.`);
    const run = join(cwd, "runs", name);
    expect(readdirSync(run).sort()).toEqual([
      "checkpoints",
      "config.json",
      expect.stringMatching(/^events\.out\.tfevents\./),
      "metrics.jsonl",
      "samples",
    ]);
    const sample = readFileSync(join(run, "samples/step-00000004.txt"), "utf8");
    expect(out).toContain(sample);
  });

  it("can be repeated from its config.json, and prints one JSON object per report on request", async () => {
    const cwd = temporaryFolder();
    const first = await dnc(
      ["train", ...SMALL_FLAGS, "--num_training_iterations=3", "--report_interval=2", "--checkpoint_dir=a", "--json"],
      cwd,
    );
    const again = await dnc(["train", "--config=a/config.json", "--checkpoint_dir=b", "--json"], cwd);
    expect([first.status, again.status]).toEqual([0, 0]);
    expect(first.out.trimEnd().split("\n")).toEqual(metricsOf(join(cwd, "a")));
    expect(first.err).toMatch(/^seed +\d+ \(drawn; --seed=\d+ repeats this run\)$/m);
    expect(first.err).toContain("Done: 3 iterations");
    const timeless = (out: string) =>
      out
        .trimEnd()
        .split("\n")
        .map((line) => ({ ...JSON.parse(line), seconds: 0, iterations_per_second: 0 }));
    expect(timeless(again.out)).toEqual(timeless(first.out));
    const weights = (run: string) => readFileSync(join(cwd, run, "checkpoints/step-00000003/model.safetensors"));
    expect(weights("b")).toEqual(weights("a"));
  });

  it("is bit-identical on one thread and on two, and records neither", async () => {
    const cwd = temporaryFolder();
    const args = ["train", ...SMALL_FLAGS, "--num_training_iterations=20", "--seed=3", "--json"];
    const files = async (threads: number, name: string) => {
      const { status, err } = await dnc([...args, `--threads=${threads}`, `--checkpoint_dir=${name}`], cwd);
      expect(status).toBe(0);
      expect(err).toMatch(/^engine +fused (native|WebAssembly) kernel /m);
      const checkpoint = join(cwd, name, "checkpoints/step-00000020");
      const paths = [...readdirSync(checkpoint).map((file) => join(checkpoint, file)), join(cwd, name, "config.json")];
      const timing = /"(seconds|iterationsPerSecond|state.json)": [^,\n]*/g;
      return paths.map((path) => readFileSync(path, "latin1").replaceAll(timing, ""));
    };
    const one = await files(1, "a");
    expect(await files(2, "b")).toEqual(one);
    expect(one.join()).not.toContain("threads");
  });

  it("reacts to Ctrl-C at once during hundreds of iterations per second", async () => {
    const cwd = temporaryFolder();
    let sent = 0;
    const args = ["train", ...SMALL_FLAGS, "--report_interval=100", "--checkpoint_dir=run"];
    const { status, out } = await dnc(args, cwd, (child, text) => {
      if (sent > 0 || !text.includes("iteration 100/")) return;
      sent = performance.now();
      child.kill("SIGINT");
    });
    expect(status).toBe(0);
    expect(performance.now() - sent).toBeLessThan(3000);
    expect(out).toContain("Ended early, everything saved: ");
  });

  it("ends on Ctrl-C with everything saved, and does not treat npm's repeated signal as a second one", async () => {
    const cwd = temporaryFolder();
    const args = ["train", ...SMALL_FLAGS, "--report_interval=1", "--checkpoint_dir=run"];
    const { status, out } = await dnc(args, cwd, signalled("SIGINT", "SIGINT"));
    expect(status).toBe(0);
    expect(out).toContain("SIGINT: ending and saving the run; once more quits at once\n");
    expect(out).toMatch(/^Ended early, everything saved: \d+ of 100000 iterations/m);
    const checkpoints = join(cwd, "run/checkpoints");
    const latest = readFileSync(join(checkpoints, "latest"), "utf8").trim();
    expect(readdirSync(join(checkpoints, latest))).toContain("model.safetensors");
    expect(readdirSync(checkpoints)).toEqual(["best", "latest", latest]);
  });

  it("reports to a supervisor that it was ended by a signal", async () => {
    const cwd = temporaryFolder();
    const args = ["train", ...SMALL_FLAGS, "--report_interval=1", "--checkpoint_dir=run"];
    const { status } = await dnc(args, cwd, signalled("SIGTERM"));
    expect(status).toBe(143);
    expect(existsSync(join(cwd, "run/checkpoints/latest"))).toBe(true);
  });

  it("ends and saves when its output is closed", async () => {
    const cwd = temporaryFolder();
    const args = ["train", ...SMALL_FLAGS, "--report_interval=1", "--checkpoint_dir=run"];
    const { status, err } = await dnc(args, cwd, (child) => child.stdout?.destroy());
    expect({ status, err }).toEqual({
      status: 0,
      err: "nobody reads the output any more: ending and saving the run\n",
    });
    expect(existsSync(join(cwd, "run/checkpoints/latest"))).toBe(true);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "reports any other output error, saves, and fails (needs /dev/full)",
    async () => {
      const cwd = temporaryFolder();
      const full = openSync("/dev/full", "w");
      const args = ["train", ...SMALL_FLAGS, "--report_interval=1", "--checkpoint_dir=run"];
      for (const each of [args, ["--help"]]) {
        const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...each], {
          cwd,
          stdio: ["ignore", full, "pipe"],
        });
        expect(status).toBe(1);
        expect(String(stderr)).toMatch(/^dnc: .*no space left on device/m);
      }
      closeSync(full);
      expect(existsSync(join(cwd, "run/checkpoints/latest"))).toBe(true);
    },
  );

  it("stops at NaN with status 1, the norms and the last good checkpoint", async () => {
    const cwd = temporaryFolder();
    const args = ["train", ...SMALL_FLAGS, "--learning_rate=1e30", "--seed=1", "--checkpoint_dir=run", "--json"];
    const { status, out, err } = await dnc(args, cwd);
    expect(status).toBe(1);
    expect(out.trimEnd().split("\n")).toEqual(metricsOf(join(cwd, "run")));
    expect(err).toMatch(/^dnc: the (loss|gradient norm) of iteration \d+ is NaN; training stopped$/m);
    expect(err).toMatch(/^ {2}dnc\/lstm\/w_gates +\d/m);
    expect(err).toContain("last good checkpoint: none was written");
    expect(readdirSync(join(cwd, "run/checkpoints"))).toEqual([]);
    expect(metricsOf(join(cwd, "run"))[0]).toMatch(/"error":"the .* of iteration \d+ is NaN"/);
  });

  it.each([
    [["train", "--memory_size=0"], "--memory_size: expected an integer of at least 1, got 0"],
    [["train", "--min_length=3"], "--min_length: expected at most max_length (2), got 3"],
    [["train", "--config=none.json"], '--config: expected a readable file, got "none.json" (ENOENT'],
    [["train", "--checkpoint_dir=file"], "--checkpoint_dir: expected a folder, got the file file"],
    [["train", "--checkpoint_dir=file/below"], "--checkpoint_dir: expected a folder, got file/below (ENOTDIR"],
    [["train", `--checkpoint_dir=part/${"x".repeat(300)}`], "--checkpoint_dir: expected a folder"],
    [["train", "--memory_size=20000"], "too large: the link matrices "],
    // The native engine may have the memory for it.
    [["train", "--memory_size=20000", "--batch_size=1", "--engine=wasm"], "too large: "],
    [["train", "--engine=simd"], "--engine: expected one of auto, native, wasm, ops, got"],
    [["train", "--engine=wasm", "--backend=webgpu"], "--engine: expected auto on backend webgpu, got wasm"],
    [
      ["walk"],
      'expected a command (train, presets, compare, sweep, eval, grade, trace, report, inspect, doctor), got "walk"',
    ],
  ])("refuses %j with one sentence and status 2, and writes nothing", async (args, message) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "file"), "");
    const { status, out, err } = await dnc(args, cwd);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err.startsWith(`dnc: ${message}`)).toBe(true);
    expect(err.trimEnd()).not.toContain("\n");
    expect(readdirSync(cwd)).toEqual(["file"]);
  });

  it("refuses a folder that contains parts of a run, and does not change it", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "config.json"), "{}");
    const { status, err } = await dnc(["train", "--checkpoint_dir=."], cwd);
    expect(status).toBe(2);
    expect(err).toBe("dnc: expected the folder of a run, got ., whose config.json has no seed\n");
    expect(readdirSync(cwd)).toEqual(["config.json"]);
  });
});

describe("README", () => {
  it("shows commands that run sequentially in an empty folder", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
    const lines = block.replaceAll("\\\n", " ").trim().split("\n");
    expect(lines).toHaveLength(10);
    const cwd = temporaryFolder();
    for (const line of lines) {
      const [command, ...args] = line.replace(/#.*/, "").trim().split(/\s+/);
      expect(command).toBe("dnc");
      const { status, out, err } = await dnc(args, cwd);
      expect({ line, status, err }).toEqual({ line, status: 0, err: "" });
      expect(out).not.toBe("");
    }
    expect(readdirSync(cwd).sort()).toEqual(["copy.html", "run", "trace.json"]);
    expect(existsSync(join(cwd, "run/report.html"))).toBe(true);
  });
});
