/** Tests that files which cannot be opened are never deleted or replaced. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configureEngine } from "@dnc/engine-wasm";
import { afterEach, describe, expect, it } from "vitest";
import { openNetwork } from "../src/commands/open-network.js";
import { readTrainedRun } from "../src/flags/gate.js";
import { planRun } from "../src/flags/plan.js";
import { readSettings } from "../src/flags/settings.js";
import { openSession } from "../src/run/session.js";
import { isUsageError } from "../src/usage-error.js";
import { savedRun } from "./commands/saved-run.js";
import { resume } from "./resume.js";
import { snapshot } from "./snapshot.js";

afterEach(() => configureEngine({}));

const LATER = (text: string) => text.replace('"version": 1', '"version": 2');

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

/** Replaces a file or folder. */
function replaced(path: string, make: (path: string) => void): void {
  rmSync(path, { recursive: true });
  make(path);
}

const selfLink = (path: string) => symlinkSync(path, path);
const mkfifo = (path: string) => spawnSync("mkfifo", [path]);

const at = (run: string, step: number, ...file: string[]) => join(run, "checkpoints", `step-0000000${step}`, ...file);

const COMMAND = fileURLToPath(new URL("../bin/dnc.js", import.meta.url));
const isRoot = process.getuid?.() === 0;
/** If this process is root, another user runs the command. */
const isReadable = !isRoot || spawnSync("test", ["-r", COMMAND], { uid: 65534, gid: 65534 }).status === 0;

describe("resuming or reading a run", () => {
  it.each<[string, (run: string) => void, RegExp]>([
    [
      "all of whose checkpoints are of a later release",
      (run) => {
        for (const step of [2, 4, 6]) edit(at(run, step, "state.json"), LATER);
      },
      /step-00000006: state\.json: version 2 was written by a later release/,
    ],
    ["whose newest is", (run) => edit(at(run, 6, "state.json"), LATER), /step-00000006: .* a later release/],
    [
      "whose newest is, in another layout",
      (run) => edit(at(run, 6, "state.json"), (text) => JSON.stringify(JSON.parse(LATER(text)))),
      /a later release/,
    ],
    ["whose newest has a folder for a file", (run) => replaced(at(run, 6, "state.json"), mkdirSync), /got a folder/],
    ["whose newest has a link for a file", (run) => replaced(at(run, 6, "model.safetensors"), selfLink), /got a link/],
    ["whose newest has a FIFO for a file", (run) => replaced(at(run, 6, "model.safetensors"), mkfifo), /got a FIFO/],
    [
      "whose newest has more weights than are read",
      (run) => truncateSync(at(run, 6, "model.safetensors"), 2_200_000_000),
      /step-00000006: model\.safetensors: expected at most 2147483647 bytes, got 2200000000/,
    ],
    ["whose newest is a link to itself", (run) => replaced(at(run, 6), selfLink), /step-00000006: expected a folder/],
    [
      "whose newest is a file",
      (run) => replaced(at(run, 6), (path) => writeFileSync(path, "")),
      /expected a folder, got a file/,
    ],
    ["whose checkpoints are a link to itself", (run) => replaced(join(run, "checkpoints"), selfLink), /\(ELOOP/],
    [
      "whose checkpoints are a link to nothing",
      (run) => replaced(join(run, "checkpoints"), (path) => symlinkSync("nowhere", path)),
      /\(ENOENT/,
    ],
    [
      "whose checkpoints are a file",
      (run) => replaced(join(run, "checkpoints"), (path) => writeFileSync(path, "")),
      /checkpoints: expected a folder, got a file/,
    ],
    [
      "all of whose checkpoints are damaged",
      (run) => {
        for (const step of [2, 4, 6]) truncateSync(at(run, step, "model.safetensors"), 100 * step);
      },
      /expected an intact checkpoint/,
    ],
    [
      "whose checkpoints are gone, but not the name of the last",
      (run) => {
        for (const step of [2, 4, 6]) rmSync(at(run, step), { recursive: true });
      },
      /expected an intact checkpoint/,
    ],
    [
      "whose checkpoints are gone with all that names them",
      (run) => {
        rmSync(join(run, "checkpoints"), { recursive: true });
        mkdirSync(join(run, "checkpoints"));
      },
      /expected checkpoints, as it has reported iteration 6 and saves every 2, got none/,
    ],
  ])("%s, is refused, and nothing is changed", async (_, spoil, reason) => {
    const run = await savedRun();
    spoil(run);
    const before = snapshot(run);
    const error = await resume(run).catch((thrown) => thrown);
    expect(error).toSatisfy(isUsageError);
    expect(error.message).toMatch(reason);
    expect(error.message).toContain("nothing was changed there");
    const { config } = await readTrainedRun(run, () => {});
    const look = openNetwork(run, config, { checkpoint: "latest", backend: "cpu" }, () => {});
    await expect(look).rejects.toSatisfy(isUsageError);
    expect(snapshot(run)).toEqual(before);
  });

  it.each<[string, (run: string) => void]>([
    ["metrics.jsonl is a folder", (run) => replaced(join(run, "metrics.jsonl"), mkdirSync)],
    ["metrics.jsonl is a link to itself", (run) => replaced(join(run, "metrics.jsonl"), selfLink)],
    ["metrics.jsonl is a FIFO", (run) => replaced(join(run, "metrics.jsonl"), mkfifo)],
    ["samples is a file", (run) => replaced(join(run, "samples"), (path) => writeFileSync(path, ""))],
    [
      "config.json has a field of a later release",
      (run) => edit(join(run, "config.json"), (text) => text.replace("{", '{"version": 2,')),
    ],
    [
      "the weights are those of another network",
      (run) => edit(join(run, "config.json"), (text) => text.replace('"hidden_size": 8', '"hidden_size": 9')),
    ],
  ])("where %s, is refused, and nothing is changed", async (_, spoil) => {
    const run = await savedRun();
    spoil(run);
    const before = snapshot(run);
    await expect(resume(run)).rejects.toSatisfy(isUsageError);
    expect(snapshot(run)).toEqual(before);
  });

  it.skipIf(!isReadable)(
    "without permission to read the checkpoints is refused, and nothing is changed (needs a clone that every user can read)",
    async () => {
      const run = await savedRun();
      chmodSync(join(run, ".."), 0o755);
      const own = (path: string) => isRoot && chownSync(path, 65534, 65534);
      for (const path of [
        run,
        ...readdirSync(run, { recursive: true, encoding: "utf8" }).map((name) => join(run, name)),
      ])
        own(path);
      for (const step of [2, 4, 6]) chmodSync(at(run, step, "model.safetensors"), 0);
      const before = isRoot ? snapshot(run) : {};
      const other = isRoot ? { uid: 65534, gid: 65534 } : {};
      const args = [COMMAND, "train", `--resume=${run}`, "--num_training_iterations=8"];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: "/", ...other });
      expect(stderr).toMatch(
        /^dnc: .*step-00000006: model\.safetensors: cannot be read \(EACCES.*nothing was changed there\n$/,
      );
      expect(status).toBe(2);
      if (isRoot) expect(snapshot(run)).toEqual(before);
    },
    60_000,
  );

  describe.skipIf(!isReadable)("without permission to read all of it (needs a clone that every user can read)", () => {
    it.each([
      ["checkpoints/best", "train"],
      ["checkpoints/latest", "train"],
      ["samples", "train"],
      ["samples", "report"],
    ])(
      "but not %s, is refused by dnc %s, and nothing is changed",
      async (name, command) => {
        const run = await savedRun();
        chmodSync(join(run, ".."), 0o755);
        const all = [run, ...readdirSync(run, { recursive: true, encoding: "utf8" }).map((each) => join(run, each))];
        for (const path of isRoot ? all : []) chownSync(path, 65534, 65534);
        chmodSync(join(run, name), 0);
        const before = isRoot ? snapshot(run) : {};
        const words = command === "train" ? [`--resume=${run}`, "--num_training_iterations=8"] : [run, "--backend=cpu"];
        const other = isRoot ? { uid: 65534, gid: 65534 } : {};
        const options = { encoding: "utf8", cwd: "/", ...other } as const;
        const { status, stderr } = spawnSync(process.execPath, [COMMAND, command, ...words], options);
        expect(stderr).toMatch(
          new RegExp(`^dnc: .*cannot be read \\(EACCES.*${name}.*\\)(; nothing was changed there)?\n$`),
        );
        expect(status).toBe(2);
        if (isRoot) expect(snapshot(run)).toEqual(before);
      },
      60_000,
    );
  });

  it("reports unreadable files once", async () => {
    const run = await savedRun();
    replaced(join(run, "metrics.jsonl"), selfLink);
    const error = await resume(run).catch((thrown) => thrown);
    expect(error.message).toMatch(/^[^:]*metrics\.jsonl: cannot be read \(ELOOP: [^/]*\); nothing was changed there$/);
    rmSync(join(run, "metrics.jsonl"));
    replaced(join(run, "checkpoints"), selfLink);
    const other = await resume(run).catch((thrown) => thrown);
    expect(other.message).toMatch(/^[^:]*checkpoints: cannot be read \(ELOOP: [^/]*\); nothing was changed there$/);
  });

  it("keeps unknown lines of metrics.jsonl", async () => {
    const run = await savedRun();
    const metrics = join(run, "metrics.jsonl");
    const lines = readFileSync(metrics, "latin1");
    writeFileSync(metrics, `{"version": 2}\nnothing of ours\n${lines}`);
    appendFileSync(metrics, '{"step":9,"loss":1}\n{"step":7');
    await resume(run);
    expect(readFileSync(metrics, "latin1")).toBe(`{"version": 2}\nnothing of ours\n${lines}`);
  });

  it("skips only damaged checkpoints, and reports it", async () => {
    const run = await savedRun();
    truncateSync(at(run, 6, "state.json"), 300);
    expect(await resume(run)).toEqual([
      expect.stringMatching(
        /^damaged checkpoint skipped: step-00000006: .*resuming from step-00000004, the damaged one is kept$/,
      ),
    ]);
    expect(lstatSync(at(run, 6, "state.json")).size).toBe(300);
  });
});

it("iteration 100,000,000 is one as any other", async () => {
  const { rewriteState } = await import("./rewrite-state.js");
  const run = await savedRun({ num_training_iterations: "2" });
  const far = join(run, "checkpoints/step-99999999");
  cpSync(at(run, 2), far, { recursive: true });
  await rewriteState(far, { step: 99_999_999 });
  const { train } = await import("../src/run/train.js");
  const { SILENT } = await import("./support.js");
  for (const iterations of [100_000_001, 100_000_002]) {
    const settings = readSettings({
      resume: run,
      num_training_iterations: String(iterations),
      ...{ keep_checkpoints: "2", report_interval: "1", checkpoint_interval: "1" },
    });
    const session = await openSession(await planRun(settings), "cpu", () => {});
    await train({
      ...session,
      iterations,
      reporter: SILENT,
      shouldStop: () => false,
    }).finally(() => session.close());
  }
  expect(readdirSync(join(run, "checkpoints")).filter((name) => name.startsWith("step-1"))).toEqual([
    "step-100000001",
    "step-100000002",
  ]);
});
