/** Runs the examples that are programs; tools/docs/accounts.mjs relies on this. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { compile } from "../testing/compiler.mjs";
import { examples, folderOf } from "./example-folders.mjs";

/** The compiler's options for JavaScript files, with implicit `any` allowed. */
const JAVASCRIPT = [
  ...["--allowJs", "--checkJs", "--noEmit", "--strict", "false", "--skipLibCheck"],
  ...["--target", "es2022", "--module", "nodenext", "--lib", "es2023,dom,dom.iterable"],
  ...["--types", "node", "--typeRoots", join(root, "node_modules/@types")],
];

describe("the example custom-task", () => {
  it("learns its task: new sequences are exactly right", async () => {
    const output = await outputOf("custom-task", "train.js");
    const reports = [...output.matchAll(/^\d+: loss (\S+) nats per sequence/gm)].map(([, loss]) => Number(loss));
    expect(reports).toHaveLength(6);
    expect(reports.at(-1)).toBeLessThan(0.1);
    expect(output).toMatch(/^Trained by fused WebAssembly kernel/m);
    expect(Number(/^Exact match on 1000 new sequences: (\S+) %$/m.exec(output)?.[1])).toBeGreaterThan(95);
    expect(output).toMatch(/^Model Output:$/m);
  });
});

describe("the example custom-controller", () => {
  it("trains a controller that no engine supports", async () => {
    const output = await outputOf("custom-controller", "train.js", "100");
    const losses = [...output.matchAll(/^\d+: loss (\S+) nats per sequence$/gm)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(4);
    expect(losses.at(-1)).toBeLessThan(0.75 * losses[0]);
    expect(output).toMatch(/^Trained by TensorFlow\.js ops/m);
    expect(output).toMatch(/^Exact match on 500 new sequences: /m);
  });
});

describe("the example custom-memory", () => {
  it("trains a memory that no engine supports", async () => {
    const output = await outputOf("custom-memory", "train.js", "100");
    expect(output).toMatch(/^lstm 32, custom memory 4 x 8, 1 read head, 1 write head: \d+ parameters in 6 tensors$/m);
    const losses = [...output.matchAll(/^\d+: loss (\S+) nats per sequence$/gm)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(4);
    expect(losses.at(-1)).toBeLessThan(0.75 * losses[0]);
    expect(output).toMatch(/^Trained by TensorFlow\.js ops/m);
    expect(output).toMatch(/^Exact match on 500 new sequences: /m);
  });
});

describe("the example no-links", () => {
  it("trains a network with links and one without them", async () => {
    const output = await outputOf("no-links", "compare.js", "20");
    expect(output).toMatch(
      /^with links: lstm 64, memory 16 x 16, 1 read head, 1 write head: \d+ parameters in 24 tensors$/m,
    );
    expect(output).toMatch(/^no links: lstm 64, .+, no links: \d+ parameters in 22 tensors$/m);
    const lines = [...output.matchAll(/^(\w+ links): [\d.]+ ms per iteration, trained by .+$/gm)];
    expect(lines.map(([, name]) => name)).toEqual(["with links", "no links"]);
    expect(output.match(/: exact match \S+ % on new sequences$/gm)).toHaveLength(2);
  });
});

describe("the example baseline", () => {
  it("compares a network with an LSTM of the same width", async () => {
    const output = await outputOf("baseline", "compare.js", "30", "2");
    const lines = [...output.matchAll(/^(\w+): exact match (\S+) % ± (\S+) % on new sequences, .+ of 2 seeds$/gm)];
    expect(lines.map(([, name]) => name)).toEqual(["DNC", "LSTM"]);
    expect(output).toMatch(/^LSTM: lstm 64, no memory: \d+ parameters in 4 tensors, trained by /m);
  });
});

describe("the example script", () => {
  it("prints what a saved network outputs for a new sequence", async () => {
    const place = mkdtempSync(join(tmpdir(), "dnc-script-"));
    try {
      const sizes = ["--num_bits=2", "--hidden_size=5", "--memory_size=3", "--word_size=4", "--num_read_heads=1"];
      const training = ["--num_training_iterations=2", "--seed=1", "--backend=cpu", ...sizes];
      const dnc = [process.execPath, join(root, "apps/trainer/bin/dnc.js"), "train", ...training];
      const { status, output } = await run([...dnc, `--checkpoint_dir=${join(place, "run")}`]);
      expect(status, output).toBe(0);
      const text = await outputOf("script", "run.js", join(place, "run"));
      expect(text).toMatch(/^Observations:\n(\+.*\+\n){4}\nTargets:\n(\+.*\+\n){3}\nModel Output:\n(\+.*\+\n){3}/m);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });
});

describe.each(examples)("the example %s", (name) => {
  const folder = folderOf(name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => file.endsWith(".js"));

  it("is private, and declares what it imports and nothing else", () => {
    expect(manifest.private).toBe(true);
    const sources = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
    const modules = [...sources.matchAll(/(?:from|import) "((?!node:)(?:@[\w-]+\/)?[\w-]+)[^"]*"/g)].map(
      ([, module]) => module,
    );
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect([...new Set(modules)].sort()).toEqual(declared.sort());
  });

  it("is correct TypeScript", async () => {
    const paths = files.map((file) => join(folder, file));
    expect(await compile([...JAVASCRIPT, ...paths], root)).toEqual([]);
  });
});

async function outputOf(name, ...args) {
  const { status, output } = await run([process.execPath, ...args], { cwd: folderOf(name) });
  expect(status, output).toBe(0);
  return output;
}
