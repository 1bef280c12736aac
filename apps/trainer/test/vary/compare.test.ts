/** `dnc compare`: its plan, and a comparison of two variants. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planRuns } from "../../src/vary/plan.js";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";

describe("the plan of a comparison", () => {
  it("has every combination with every seed, named by what varies", () => {
    const runs = planRuns("copy", { vary: "memory.masking=true,false; memory-size=8; hidden_size=4,5", seeds: "1, 7" });
    expect(runs).toHaveLength(8);
    expect(runs.map(({ group }) => group)).toContain("masking=false hidden_size=5");
    expect(runs[0]).toEqual({
      group: "masking=true hidden_size=4",
      seed: 1,
      args: ["train", "--preset=copy", "--masking=true", "--memory_size=8", "--hidden_size=4", "--seed=1"],
    });
    const joined = planRuns("copy", { vary: "memory.deallocation+sharpness=true,false; clip-value=1", seeds: "2" });
    expect(joined.map(({ group }) => group)).toEqual(["deallocation+sharpness=true", "deallocation+sharpness=false"]);
    expect(joined[1]?.args.slice(2, -1)).toEqual(["--deallocation=false", "--sharpness=false", "--clip_value=1"]);
    expect(planRuns("copy", { seeds: "3" })).toEqual([
      { group: "preset", seed: 3, args: ["train", "--preset=copy", "--seed=3"] },
    ]);
  });

  it.each([
    ["masking", "1", "--vary: expected settings and their values, such as masking=true,false, got "],
    ["masking=", "1", "--vary: expected settings"],
    ["masking=true,,false", "1", "--vary: expected settings"],
    ["masking=true,true", "1", "--vary: expected settings"],
    ["masking+=true", "1", "--vary: expected settings"],
    ["hidden_size+memory_size+hidden-size=4", "1", "--vary: expected each setting once, got hidden_size again"],
    ["hidden_size=3; hidden-size=4", "1", "--vary: expected each setting once, got hidden_size again"],
    ["seed=1,2", "1", "--vary: expected settings of the network, the training or the task, got seed"],
    ["preset=copy,links", "1", "--vary: expected settings of the network, the training or the task, got preset"],
    [
      "checkpoint-dir=a,b",
      "1",
      "--vary: expected settings of the network, the training or the task, got checkpoint_dir",
    ],
    ["resume=runs/a", "1", "--vary: expected settings of the network, the training or the task, got resume"],
    ["", "1,1", "--seeds: expected different integers from 0 to 2147483647, got "],
    ["", "one", "--seeds: expected different integers"],
    ["", "2147483648", "--seeds: expected different integers"],
    [
      `hidden_size=${Array.from({ length: 501 }, (_, index) => index + 1)}`,
      "1,2",
      "--vary: expected at most 1000 runs",
    ],
  ])("refuses %j with seeds %j", (vary, seeds, message) => {
    expect(() => planRuns("copy", { vary, seeds })).toThrow(message);
  });
});

describe("dnc compare", () => {
  const small = "hidden_size=8; memory_size=4; word_size=4; num_training_iterations=2; report_interval=1; batch_size=2";

  it("trains, grades and shows all variants, and only grades them when it is started again", async () => {
    const out = join(temporaryFolder(), "comparison");
    const args = ["compare", "copy", `--vary=masking=true,false;${small}`, "--seeds=1,2", `--out=${out}`];
    const once = await dnc(...args);
    expect(once.status).toBe(0);
    expect(once.stdout).toMatch(/^masking=true +0 of 2 passed$/m);
    expect(once.stdout).toMatch(
      /^ {2}length 40 +0\.0% ± 0\.0% \(deviation over 2 seeds\): 0\.0%, 0\.0%; asked: exact match at least 95\.0%$/m,
    );
    expect(once.stdout).toMatch(/^ {2}iterations +until training met it: not reached, not reached$/m);
    expect(readFileSync(join(out, "comparison.html"), "utf8")).toContain("</html>");
    const weights = () => readFileSync(join(out, "masking=true/seed-1/checkpoints/step-00000002/model.safetensors"));
    const before = weights();
    const { status, stdout } = await dnc(...args, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).runs).toHaveLength(4);
    expect(JSON.parse(stdout).runs[0]).toMatchObject({ group: "masking=true", seed: 1, passed: false });
    expect(weights().equals(before)).toBe(true);
  });

  it.each([
    [["nothing"], 'unknown preset "nothing"; `dnc presets` lists them all'],
    [[], "expected the name of a preset after compare, got nothing"],
    [["copy", "more"], 'expected only flags after the preset, got "more"'],
    [["copy", "--vary=masking=2"], "--masking: expected true, false or a number from 0 to below 1, got 2"],
    [["copy", "--vary=colour=red,blue"], 'unknown flag "--colour"; `dnc train --help` lists them all'],
    [["key-value", "--vary=colour=red,blue"], "task key-value does not have the flag --colour; it has "],
    [
      ["graph-traversal-lessons", "--vary=min_path=2,3"],
      "lessons[0]: --min_path: expected at most max_path (1), got 2",
    ],
    [
      ["babi-20"],
      "--babi_dir: expected the folder of bAbI's files, such as tasks_1-20_v1-2, or babi_source=generated, got none",
    ],
    [["babi-20", "--babi_dir=nowhere"], "--babi_dir: expected a folder with files such as qa1_"],
  ])("refuses %j before anything is written", async (args, message) => {
    const out = join(temporaryFolder(), "comparison");
    const { status, stderr } = await dnc("compare", ...args, `--out=${out}`);
    expect([status, stderr.startsWith(`dnc: ${message}`), stderr]).toEqual([2, true, stderr]);
    expect(existsSync(out)).toBe(false);
  });

  it("refuses a file in the place of its folder", async () => {
    const out = join(temporaryFolder(), "file");
    writeFileSync(out, "");
    const { status, stderr } = await dnc("compare", "copy", `--out=${out}`);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^dnc: --out: expected a folder that can be written, got .*file \(EEXIST.*\)\n$/),
    ]);
  });
});
