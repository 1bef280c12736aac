/** `--pretrained`, which stands in for the folder of a run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PRETRAINED, type PretrainedName } from "@dnc/pretrained";
import { pretrainedFolder } from "@dnc/pretrained/node";
import { describe, expect, it, onTestFinished } from "vitest";
import { snapshot } from "../snapshot.js";
import { temporaryFolder } from "../support.js";
import { dnc } from "./saved-run.js";

const CPU = "--backend=cpu";
const NAMES = PRETRAINED.map(({ name }) => name);
const packageFolder = join(pretrainedFolder("copy"), "../..");

/** Fails after the test if a file of a network has changed, or there is another. */
function watchPackage(): void {
  const networks = join(packageFolder, "networks");
  const before = snapshot(networks);
  expect(Object.keys(before).length).toBeGreaterThan(10);
  onTestFinished(() => expect(snapshot(networks)).toEqual(before));
}

describe("dnc trace --pretrained", () => {
  it.each<PretrainedName>(["associative-recall", "links"])(
    "writes what it writes for the folder of %s",
    async (name) => {
      watchPackage();
      const [named, folder] = [
        await dnc("trace", `--pretrained=${name}`, CPU, "--seed=3"),
        await dnc("trace", pretrainedFolder(name), CPU, "--seed=3"),
      ];
      expect(named).toEqual({ status: 0, stdout: folder.stdout, stderr: "" });
      expect(JSON.parse(named.stdout).format).toBe("dnc-trace");
      const other = await dnc("trace", `--pretrained=${name}`, CPU, "--seed=4");
      expect(other.stdout).not.toBe(named.stdout);
    },
  );

  it("writes to a file, and says which network it was", async () => {
    watchPackage();
    const out = join(temporaryFolder(), "trace.json");
    const { status, stdout } = await dnc("trace", "--pretrained=key-value", CPU, `--out=${out}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^network +key-value of @dnc\/pretrained, step 20000 of 20000$/m);
    expect(readFileSync(out, "utf8")).toBe((await dnc("trace", "--pretrained=key-value", CPU)).stdout);
  });

  it.each([
    ["trace", "networks/copy/trace.json"],
    ["trace", "README.md"],
    ["report", "networks/copy/report.html"],
  ])("and dnc %s do not write %s of the package", async (command, file) => {
    watchPackage();
    const out = join(packageFolder, file);
    const { status, stdout, stderr } = await dnc(command, "--pretrained=copy", CPU, `--out=${out}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`dnc: --out: expected a file outside of the package @dnc/pretrained, got ${out}\n`);
  });
});

describe("dnc eval --pretrained", () => {
  it.each(NAMES)("measures %s", async (name) => {
    watchPackage();
    const { status, stdout } = await dnc("eval", `--pretrained=${name}`, CPU, "--sequences=10", "--json");
    expect(status).toBe(0);
    const { run, pretrained, exact_match: exactMatch, step } = JSON.parse(stdout);
    expect({ run, pretrained }).toEqual({ pretrained: name });
    expect(step).toBe(PRETRAINED.find((each) => each.name === name)?.iterations);
    // No sequence of n-grams is right in every bit: they are random.
    if (name !== "dynamic-n-grams") expect(exactMatch).toBeGreaterThanOrEqual(0.8);
  });

  it("measures another memory and longer sequences", async () => {
    const sizes = ["--min_length=30", "--max_length=30", "--memory_size=100", "--sequences=10"];
    const { stdout } = await dnc("eval", "--pretrained=copy", CPU, ...sizes);
    expect(stdout).toMatch(/^task +copy: 8 bits, length 30 \(trained on length 1-20\)$/m);
    expect(stdout).toMatch(/\(trained with 64 slots\)$/m);
    expect(stdout).toMatch(/^exact match +100\.0%/m);
  });
});

describe("dnc report --pretrained", () => {
  it("makes a page of what the network does, without what a training records", async () => {
    watchPackage();
    const out = join(temporaryFolder(), "page.html");
    const { status, stdout } = await dnc("report", "--pretrained=graph-traversal", CPU, `--out=${out}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^network +graph-traversal of @dnc\/pretrained, step 20000 of 20000$/m);
    const page = readFileSync(out, "utf8");
    expect(page).toContain("<code>@dnc/pretrained/networks/graph-traversal</code>");
    const titles = [...page.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual(["Graphs", "The memory at work", "Configuration"]);
    expect(page).toContain("--pretrained=graph-traversal");
    expect(page).not.toContain(packageFolder);
  });

  it("maps the accuracy by size", async () => {
    const out = join(temporaryFolder(), "page.html");
    const sizes = ["--max_length=3", "--sequences=4"];
    expect((await dnc("report", "--pretrained=links", CPU, `--out=${out}`, ...sizes)).status).toBe(0);
    expect([...readFileSync(out, "utf8").matchAll(/<td class="(?:much|little)/g)]).toHaveLength(3);
  });
});

describe("dnc grade --pretrained", () => {
  it.each<PretrainedName>(["key-value", "links"])("finds what the record of %s says", async (name) => {
    watchPackage();
    const { status, stdout } = await dnc("grade", `--pretrained=${name}`, CPU, "--json");
    expect(status).toBe(0);
    const { criteria, ...rest } = JSON.parse(stdout);
    const { grade, preset, iterations } = PRETRAINED.find((each) => each.name === name) as (typeof PRETRAINED)[number];
    expect(rest).toEqual({ pretrained: name, preset, step: iterations, passed: true });
    expect(criteria).toHaveLength(grade.length);
    for (const [index, { on, metric, value, sequences }] of grade.entries()) {
      expect(criteria[index]).toMatchObject({ on, metric, sequences, passed: true });
      expect(criteria[index].value).toBeCloseTo(value, 5); // engines differ in last bits
    }
  });

  it("refuses the preset of another task", async () => {
    const { status, stderr } = await dnc("grade", "--pretrained=key-value", "--preset=copy", CPU);
    expect([status, stderr]).toEqual([
      2,
      "dnc: --preset: expected one with task key-value, got copy, whose task is copy\n",
    ]);
  });
});

describe("a wrong --pretrained", () => {
  it.each([
    ["copi", "; did you mean copy?"],
    ["associative_recal", "; did you mean associative-recall?"],
    ["nothing-like-it", ""],
    ["toString", ""],
    ["../networks/copy", ""],
  ])("%s is refused with the known names, before anything is written", async (name, hint) => {
    watchPackage();
    const folder = temporaryFolder();
    const before = snapshot(folder);
    for (const args of [["trace", `--out=${join(folder, "trace.json")}`], ["report"], ["eval"], ["grade"]]) {
      const { status, stdout, stderr } = await dnc(...args, `--pretrained=${name}`);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toBe(`dnc: --pretrained: expected one of ${NAMES.join(", ")}, got "${name}"${hint}\n`);
    }
    expect(snapshot(folder)).toEqual(before);
  });
});
