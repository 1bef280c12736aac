import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunFailedError, RunWriteError } from "@dnc/runs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { main } from "../src/main.js";
import { withAdvice } from "../src/run/failure-advice.js";
import { savedRun } from "./commands/saved-run.js";
import { rewriteState } from "./rewrite-state.js";

const { fail } = vi.hoisted(() => ({ fail: { with: undefined as unknown } }));
vi.mock("../src/commands/doctor.js", () => ({
  runDoctor: async () => {
    throw fail.with;
  },
}));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Standard output of the last command. */
let out = "";

/** Runs a command; returns its status and standard error. */
async function dnc(...args: string[]): Promise<[status: number, said: string]> {
  let said = "";
  out = "";
  vi.spyOn(process.stdout, "write").mockImplementation(((text: string, done?: () => void) => {
    out += text;
    done?.();
    return true;
  }) as typeof process.stdout.write);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
  const status = await main(args);
  vi.restoreAllMocks();
  return [status, said];
}

describe("an unexpected error", () => {
  it("is printed as a sentence, with the stack on request", async () => {
    fail.with = new TypeError("x is not a \x1b[31mfunction");
    expect(await dnc("doctor")).toEqual([
      1,
      "dnc: TypeError: x is not a \\x1b[31mfunction\n" +
        "This is a fault of dnc; with DNC_DEBUG=1 in the environment it shows where, for a report of it.\n",
    ]);
    vi.stubEnv("DNC_DEBUG", "1");
    const [status, said] = await dnc("doctor");
    expect(status).toBe(1);
    expect(said).toMatch(
      /^dnc: this is a fault of dnc: TypeError: x is not a \\x1b\[31mfunction\n {4}at .*main\.test\.ts/,
    );
  });

  it("can be a value that is not an Error; a system error is printed as its message", async () => {
    fail.with = "nonsense";
    expect((await dnc("doctor"))[1]).toMatch(/^dnc: nonsense\nThis is a fault of dnc/);
    fail.with = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(await dnc("doctor")).toEqual([1, "dnc: ENOSPC: no space left on device, write\n"]);
  });
});

const GO_ON = ["train", "--backend=cpu", "--num_training_iterations=7", "--json"];

describe("a run whose files were changed", () => {
  const parts: readonly [what: string, file: string, commands: readonly ("resume" | "report" | "eval")[]][] = [
    ["config.json", "config.json", ["resume", "report", "eval"]],
    ["metrics.jsonl", "metrics.jsonl", ["resume", "report"]],
    ["the pointer latest", "checkpoints/latest", ["resume"]],
    ["the pointer best", "checkpoints/best", ["resume"]],
    ["a sample", "samples/step-00000006.txt", ["report"]],
  ];

  it.each(parts)("is refused by name where %s is a FIFO", async (_what, file, commands) => {
    const run = await savedRun();
    rmSync(join(run, file));
    spawnSync("mkfifo", [join(run, file)]);
    const message = `dnc: ${join(run, file)}: expected a plain file, got a FIFO`;
    for (const command of commands) {
      const unchanged = command === "resume" && file !== "config.json" ? "; nothing was changed there" : "";
      const args =
        command === "resume" ? [...GO_ON, `--resume=${run}`] : [command, run, "--sequences=1", "--backend=cpu"];
      expect(await dnc(...args)).toEqual([2, `${message}${unchanged}\n`]);
    }
  });

  it("is not copied either, and nothing is created", async () => {
    const run = await savedRun();
    rmSync(join(run, "metrics.jsonl"));
    spawnSync("mkfifo", [join(run, "metrics.jsonl")]);
    const to = join(run, "..", "copy");
    const message = `dnc: ${join(run, "metrics.jsonl")}: expected a plain file, got a FIFO; nothing was changed there\n`;
    expect(await dnc(...GO_ON, `--resume=${run}`, `--checkpoint_dir=${to}`)).toEqual([2, message]);
    expect(existsSync(to)).toBe(false);
  });

  it.each(["samples", "checkpoints"])("is refused by name where %s is not one of its folders", async (name) => {
    const run = await savedRun();
    rmSync(join(run, name), { recursive: true });
    writeFileSync(join(run, name), "");
    const message = `dnc: ${join(run, name)}: expected a folder, got a file`;
    expect(await dnc(...GO_ON, `--resume=${run}`)).toEqual([2, `${message}; nothing was changed there\n`]);
    expect(await dnc("report", run, "--sequences=1", "--backend=cpu")).toEqual([2, `${message}\n`]);
  });

  it("resumes if a line of metrics.jsonl is not a report", async () => {
    const run = await savedRun();
    const file = join(run, "metrics.jsonl");
    const lines = ['{"step":1}', '{"step":1,"loss":{"toString":1}}', "null", "[".repeat(100_000)];
    for (const [index, line] of lines.entries()) {
      writeFileSync(file, `${line}\n${readFileSync(file, "utf8")}`);
      const [status, said] = await dnc(...GO_ON, `--num_training_iterations=${7 + index}`, `--resume=${run}`);
      expect(status).toBe(0);
      expect(said).toMatch(/Loss (fell|rose) from [\d.]+ to/);
    }
  });

  it.each([
    [
      "config",
      { config: { hidden_size: { toString: 1 } } },
      '  hidden_size     {"toString":1} recorded, 8 requested\n',
    ],
    ["config", { config: { seed: "\x1b[2J" } }, "\\x1b[2J recorded, "],
    ["random", { random: { toString: 1 } }, "step-00000006: "],
    ["interval", { interval: null }, "state.json: interval: loss: expected a number, got undefined"],
    [
      "reported",
      { reported: { toString: 1 } },
      'state.json: reported: expected a number of at least 0, got {"toString":1}',
    ],
  ])("rejects %s of a state with a reason", async (_what, change, message) => {
    const run = await savedRun();
    await rewriteState(join(run, "checkpoints/step-00000006"), change);
    const [status, said] = await dnc(...GO_ON, `--resume=${run}`);
    expect(status).toBe(2);
    expect(said).toContain(message);
    expect(said).not.toMatch(/fault of dnc|\n {4}at /);
  });

  it("resumes if the state's backend or instruction set is invalid, and reports it", async () => {
    const run = await savedRun();
    const checkpoint = join(run, "checkpoints/step-00000006");
    await rewriteState(checkpoint, { backend: { toString: 1 } });
    expect((await dnc(...GO_ON, `--resume=${run}`))[1]).toContain('the run was on backend {"toString":1}: its numbers');
  });

  it("does not decide where to write: paths in its config.json are ignored", async () => {
    const run = await savedRun();
    const elsewhere = join(run, "..", "elsewhere-than-the-run");
    const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
    writeFileSync(
      join(run, "config.json"),
      JSON.stringify({ ...config, checkpoint_dir: elsewhere, json: true, threads: 32 }),
    );
    mkdirSync(elsewhere, { recursive: true });
    try {
      const [status, said] = await dnc("train", "--backend=cpu", "--num_training_iterations=7", `--resume=${run}`);
      expect([status, said]).toEqual([0, ""]);
      expect(readFileSync(join(run, "checkpoints/latest"), "utf8")).toBe("step-00000007\n");
      expect(JSON.parse(readFileSync(join(run, "config.json"), "utf8"))).not.toHaveProperty("checkpoint_dir");
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

describe("a run with control characters or shell syntax in its name", () => {
  const NAME = "it's $(a) \x1b[31mrun\x07";

  it("is printed safely, and the commands about it can be run", async () => {
    const run = await savedRun();
    const named = join(run, "..", NAME);
    renameSync(run, named);
    const shown = join(run, "..", "it's $(a) \\x1b[31mrun\\x07");
    expect(await dnc("report", named, "--sequences=1", "--max_length=1", "--backend=cpu")).toEqual([0, ""]);
    expect(out).toContain(`run      ${shown}, step 6`);
    const page = readFileSync(join(named, "report.html"), "utf8");
    for (const text of [out, page]) for (const obeyed of ["\x07", "\x1b"]) expect(text).not.toContain(obeyed);
    const [, code = ""] = /Made by <code>(.*?)<\/code>/s.exec(page) ?? [];
    const command = code
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(
        /&(\w+|#39);/g,
        (_, name) => ({ lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'" })[name as string] ?? "?",
      );
    const { stdout } = spawnSync("sh", ["-c", `dnc() { printf '%s\\0' "$@"; }; ${command}`], { encoding: "utf8" });
    expect(stdout.split("\0").slice(0, -1)).toEqual([
      "report",
      named,
      "--max_length=1",
      "--sequences=1",
      "--backend=cpu",
    ]);
    const cause = new RunWriteError("x", new Error("no space"));
    const lastCheckpoint = join(named, "checkpoints/step-1");
    const error = withAdvice(
      new RunFailedError({ what: cause.message, cause, step: 1, folder: named, lastCheckpoint }),
    );
    const [resume] = /dnc train .*(?= resumes)/.exec(error.message) ?? [];
    const resumed = spawnSync("sh", ["-c", `dnc() { printf '%s\\0' "$@"; }; ${resume}`], { encoding: "utf8" });
    expect(resumed.stdout.split("\0")[1]).toBe(`--resume=${named}`);
    expect(await dnc("eval", `${named}/none`)).toEqual([
      2,
      `dnc: expected the folder of a run, got ${shown}/none, which is not there\n`,
    ]);
  });
});
