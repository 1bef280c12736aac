/** The commands for whoever works in the repository. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { root } from "../../pnpm.mjs";
import { readRows } from "../page.mjs";
import { docPages } from "../pages.mjs";

const textOf = (wanted) => docPages().find(({ page }) => page === wanted).markdown;

/** @type {import("./commands.mjs").Command[]} Commands for whoever works in the repository; none depends on another. */
export const IN_REPOSITORY = [
  {
    command: "npm run bench -- --workload=S --threads=2",
    says: [/^S, fused (native|WebAssembly) kernel \([\w-]+\), 2 threads: [\d.]+ it\/s/m],
  },
  {
    command: "npm run bench -- --workload=S --backend=cpu --threads=2 --seconds=10",
    as: "npm run bench -- --workload=S --backend=cpu --threads=2 --seconds=1",
    because: "ten seconds",
    says: [/^S, fused (native|WebAssembly) kernel \([\w-]+\), 2 threads: [\d.]+ it\/s/m],
  },
  {
    command: "npm run bench -- --workload=M --engine=ops",
    as: "npm run bench -- --workload=S --engine=ops --seconds=0.1",
    because: "a minute",
    says: [/^S, TensorFlow\.js ops: /m],
  },
  {
    command: "npm run --silent bench -- --json",
    as: "npm run --silent bench -- --json --seconds=1",
    because: "ten seconds",
    says: [/^\{.*\}\n$/],
    check: ({ output }) => {
      const described = readRows(textOf("bench/README.md")).filter(({ cells }) => cells.length === 2);
      const names = described.flatMap(({ cells }) => [...cells[0].matchAll(/`(\w+)`/g)].map(([, name]) => name));
      expect(names.length).toBeGreaterThan(10);
      expect(Object.keys(JSON.parse(output))).toEqual(expect.arrayContaining(names));
    },
  },
  { command: "npm run bench:kernels -- --workload=S", says: [/^all +\d+ +\d+ +\d+ +\d+$/m] },
  ...[
    "npm run bench:gpu -- --peers=DIR --python=PATH --reference=DIR",
    "node tools/bench/compare.mjs --peers=DIR --python=PATH --rounds=3 --seconds=5",
  ].map((command) => ({
    command,
    as: command.replace(/DIR/g, "{HERE}/none").replace("PATH", "{HERE}/none"),
    because: "other implementations are not here: it has to miss them, and nothing else",
    status: 2,
    says: [/: --peers: expected a folder with bench_jax\.py, got /],
  })),
  {
    command: "npm run bundle:gpu -- --out=DIR --peers=DIR",
    as: "npm run bundle:gpu -- --out={HERE}/gpu-bundle",
    because: "other implementations are not here",
    says: [/gpu-bundle: \d+ files, \d+\.\d MiB\. On the machine with the GPU: \.\/run\.sh$/m],
  },
  {
    command: "npm test -- --project core",
    as: "npm test -- --project core test/state.test.ts",
    because: "npm test runs them all",
    says: [/^\d+ passed, 0 failed$/m],
    check: ({ output }) => expect(output).not.toMatch(/packages\/(?!core)|apps\//),
  },
  {
    command: "npm run changeset",
    as: "npm run changeset -- --empty",
    because: "it asks questions",
    says: [/\.changeset\/[\w-]+\.md/],
    check: ({ output }) => rmSync(join(root, ".changeset", /\.changeset\/([\w-]+\.md)/.exec(output)[1])),
  },
  {
    command: "npm install --omit=optional",
    as: "node tools/docs/clone/without-optional.mjs {HERE}/without-optional",
    because: "in a project that asks for the packages of this clone; it trains there too",
    says: [/^backend +cpu/m, /^Done: 2 iterations/m],
    check: ({ world }) => {
      const has = (name) => existsSync(join(world.HERE, "without-optional/node_modules", name));
      const names = ["@dnc/trainer", "@tensorflow/tfjs", "@tensorflow/tfjs-node-gpu", "webgpu", "tar", "adm-zip"];
      expect(names.filter(has)).toEqual(["@dnc/trainer", "@tensorflow/tfjs"]);
    },
  },
  {
    command: "npm run pack -- DIR",
    as: "npm run pack -- {HERE}/packed",
    because: "a placeholder",
    says: [/^Packed \d+ packages into /m, /^ {4}npm install \S+\/\*\.tgz /m],
    check: ({ world }) => {
      const files = readdirSync(join(world.HERE, "packed"));
      expect(files).toEqual(
        expect.arrayContaining(["pnpm-workspace.yaml", expect.stringMatching(/^dnc-core-.*\.tgz$/)]),
      );
    },
  },
  {
    command: "npm run docs",
    as: "npm run docs -- --out {HERE}/api",
    because: "it would write into the clone",
    says: [/html generated/i],
    check: ({ world }) => expect(existsSync(join(world.HERE, "api/index.html"))).toBe(true),
  },
];
