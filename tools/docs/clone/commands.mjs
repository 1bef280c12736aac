/**
 * The commands of the documentation that are run in this clone, and the expected result of each.
 *
 * `as` is run instead if the command has a placeholder, takes minutes or needs something that this machine lacks:
 * `because` gives the reason. `{RUN}`, `{STARTED}`, `{HERE}` are paths: a completed run, a stopped run, an empty
 * folder.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readRows } from "../page.mjs";
import { docPages } from "../pages.mjs";
import { IN_REPOSITORY } from "./commands-in-repository.mjs";
import { ON_PRETRAINED } from "./commands-on-pretrained.mjs";

const SMALL = "--num_training_iterations=2 --report_interval=1 --seed=1";
const textOf = (wanted) => docPages().find(({ page }) => page === wanted).markdown;
const lastStep = (run) =>
  JSON.parse(readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n").at(-1)).step;

/**
 * @typedef {object} Command
 * @property {string} command - the command in the documentation.
 * @property {string} [as]
 * @property {string} [because]
 * @property {RegExp} [until] - output after which it is ended by Ctrl-C.
 * @property {number} [status] - expected exit status; default: 0; ignored after Ctrl-C.
 * @property {RegExp[]} says
 * @property {string} [backend] - the backend that it needs; `doctor` tells whether it is available.
 * @property {{ status: number, says: RegExp[] }} [refusal] - expected result without that backend.
 * @property {(found: { output: string, world: object }) => void} [check]
 */

/** @type {Command[]} Commands on runs, in order: a command may depend on earlier ones. */
export const ON_RUNS = [
  { command: "npm run build", says: [/^ *Tasks: +(\d+) successful, \1 total/m] },
  {
    command: "npm start -- --num_training_iterations=200 --seed=3",
    says: [/^seed +3$/m, /^iteration 200\/200: loss \d/m, /^Targets:$/m, /^Model Output:$/m, /^Done: 200 iterations/m],
    check: ({ output, world }) => {
      world.RUN = world.runOf(output);
      expect(readdirSync(world.RUN)).toEqual(expect.arrayContaining(["checkpoints", "config.json", "samples"]));
      expect(readdirSync(world.RUN).some((file) => file.startsWith("events.out.tfevents."))).toBe(true);
      expect(lastStep(world.RUN)).toBe(200);
    },
  },
  {
    command: "npm start",
    because: "100,000 iterations take minutes: it is ended after two reports",
    until: /^iteration 200\/100000: /m,
    says: [/43980 parameters/, /^iteration 100\/100000: loss 1[01]\.\d+/m],
    check: ({ output, world }) => {
      world.STARTED = world.runOf(output);
      world.step = lastStep(world.STARTED);
      const [, latest] = /^step-0*(\d+)$/m.exec(readFileSync(join(world.STARTED, "checkpoints/latest"), "utf8"));
      expect(Number(latest)).toBe(world.step);
      expect(world.step).toBeGreaterThanOrEqual(200);
    },
  },
  {
    command: "npm run dnc -- train --resume=RUN",
    as: "npm run dnc -- train --resume={STARTED}",
    because: "a placeholder, and it takes minutes: it is ended after a report",
    until: /^iteration \d+\/100000: /m,
    says: [/^iteration \d+\/100000: /m],
    check: ({ output, world }) => {
      const [, next] = /^iteration (\d+)\/100000: /m.exec(output);
      expect(Number(next)).toBe(100 * Math.floor(world.step / 100 + 1));
      expect(lastStep(world.STARTED)).toBeGreaterThan(world.step);
    },
  },
  {
    command: "dnc train --config=RUN/config.json",
    as: "npm run dnc -- train --config={RUN}/config.json",
    because: "a placeholder",
    says: [/^Done: 200 iterations/m],
    check: ({ output, world }) => {
      const weights = (run) => readFileSync(join(run, "checkpoints/step-00000200/model.safetensors"));
      expect(weights(world.runOf(output)).equals(weights(world.RUN))).toBe(true);
    },
  },
  {
    command: "npm run dnc -- train --help",
    says: [/^Usage: dnc train/m],
    check: ({ output }) => {
      const flags = readRows(textOf("README.md")).flatMap(({ cells }) => [...cells[0].matchAll(/`(--\w+)`/g)]);
      expect(flags.length).toBeGreaterThan(15);
      for (const [, flag] of flags) expect(output).toContain(`${flag} <`);
    },
  },
  {
    command: "npm run dnc -- eval RUN",
    as: "npm run dnc -- eval {RUN}",
    because: "a placeholder",
    says: [/^exact match +[\d.]+%: \d+ of 1000 sequences/m, /^loss +1[01]\.\d+ nats per sequence$/m],
  },
  {
    command: "npm run dnc -- report RUN",
    as: "npm run dnc -- report {RUN}",
    because: "a placeholder",
    says: [/report\.html/],
    check: ({ world }) => {
      const page = readFileSync(join(world.RUN, "report.html"), "utf8");
      expect(page.match(/<svg/g).length).toBeGreaterThan(1);
      expect(page).toContain("</html>");
    },
  },
  {
    command: "npm run dnc -- report RUN OTHER --out=F",
    as: "npm run dnc -- report {RUN} {STARTED} --out={HERE}/comparison.html",
    because: "placeholders",
    says: [/comparison\.html/],
    check: ({ world }) => {
      const text = readFileSync(join(world.HERE, "comparison.html"), "utf8").replace(/<[^>]*>/g, "");
      expect(/\d+ runs.* groups/.exec(text)?.[0]).toBe("2 runs of repeat-copy in 2 groups");
    },
  },
  {
    command: "npm run dnc -- inspect RUN",
    as: "npm run dnc -- inspect {RUN} --no_open",
    because: "a placeholder, and it would open a browser: it is ended when it has printed its address",
    until: /^Ctrl-C ends it\.$/m,
    says: [/^Inspector: http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/\?run=run\/$/m],
  },
  {
    command: "npm run inspector",
    as: "npm run inspector -- --no-open",
    because: "it would open a browser: it is ended when it has printed its address",
    until: /^Ctrl-C ends it\.$/m,
    says: [/^Inspector: http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/m],
  },
  {
    command: "npm run dnc -- trace RUN --out=F",
    as: "npm run dnc -- trace {RUN} --out={HERE}/trace.json",
    because: "placeholders",
    says: [/trace\.json/],
    check: ({ world }) => {
      expect(JSON.stringify(JSON.parse(readFileSync(join(world.HERE, "trace.json"), "utf8")))).toContain(
        "writeWeights",
      );
    },
  },
  ...ON_PRETRAINED,
  {
    command: "npm run dnc -- train --task=associative-recall --max_items=4",
    as: `npm run dnc -- train --task=associative-recall --max_items=4 --backend=cpu ${SMALL} --checkpoint_dir={HERE}/recall`,
    because: "100,000 iterations take minutes",
    says: [/^task +associative-recall: 6 bits, 2-4 items of 3, /m, /^Done: 2 iterations/m],
  },
  { command: "npm run dnc -- presets", says: [/^associative-recall +associative recall: 2 to 6 items/m] },
  {
    command: "npm run dnc -- train --preset=associative-recall --seed=1 --checkpoint_dir=runs/recall",
    as: `npm run dnc -- train --preset=associative-recall --backend=cpu ${SMALL} --checkpoint_dir={HERE}/preset`,
    because: "it takes minutes",
    says: [/^task +associative-recall: 6 bits, 2-6 items of 3, /m, /^Done: 2 iterations/m],
  },
  {
    command: "npm run dnc -- grade runs/recall",
    as: "npm run dnc -- grade {HERE}/preset --backend=cpu",
    because: "the run of two iterations, which has learned nothing",
    status: 1,
    says: [/^6 items +not passed: [\d.]+ ± [\d.]+ of 1000, expected bits per sequence at most 0\.5; published: /m],
  },
  {
    command: "npm run dnc -- train --preset=babi-1-generated --seed=1 --checkpoint_dir=runs/generated",
    as: `npm run dnc -- train --preset=babi-1-generated --backend=cpu ${SMALL} --checkpoint_dir={HERE}/generated`,
    because: "two minutes",
    says: [/^Done: 2 iterations/m],
  },
  {
    command: "npm run dnc -- grade runs/generated",
    as: "npm run dnc -- grade {HERE}/generated --backend=cpu",
    because: "it would need the complete run",
    status: 1,
    says: [/^all questions of the test stories +not passed/m],
  },
  {
    command: "npm run dnc -- train --preset=graph-traversal --seed=1 --checkpoint_dir=runs/traversal",
    as: `npm run dnc -- train --preset=graph-traversal --backend=cpu ${SMALL} --checkpoint_dir={HERE}/traversal`,
    because: "it takes minutes",
    says: [/^task +graph-traversal: 3-10 nodes, paths of 1, /m, /^Done: 2 iterations/m],
  },
  {
    command: "npm run dnc -- report runs/traversal",
    as: "npm run dnc -- report {HERE}/traversal --backend=cpu",
    because: "the run of two iterations",
    says: [/^page +.*report\.html, /m],
  },
  {
    command: "npm run dnc -- eval runs/traversal --memory_size=128",
    as: "npm run dnc -- eval {HERE}/traversal --memory_size=128 --sequences=20 --backend=cpu",
    because: "the run of two iterations",
    says: [/\(trained with 64 slots\)/, /^exact match +\d/m],
  },
  {
    command: "npm run dnc -- compare key-value --vary=memory.masking=true,false --seeds=1,2,3",
    as: 'npm run dnc -- compare key-value --vary="memory.masking=true,false; num_training_iterations=2; report_interval=1" --seeds=1 --out={HERE}/compared',
    because: "it takes minutes",
    says: [/^masking=true +0 of 1 passed$/m, /^masking=false +0 of 1 passed$/m, /comparison\.html/],
  },
  {
    command: "npm run dnc -- train --preset=mini-shrdlu --seed=1 --checkpoint_dir=runs/blocks",
    as: `npm run dnc -- train --preset=mini-shrdlu --backend=cpu ${SMALL} --checkpoint_dir={HERE}/blocks`,
    because: "it takes half an hour",
    says: [/^task +mini-shrdlu: 2 goals of 1 constraint, 3 blocks, 1 move, /m, /^Done: 2 iterations/m],
  },
  {
    command: "npm run dnc -- grade runs/blocks",
    as: "npm run dnc -- grade {HERE}/blocks --backend=cpu",
    because: "the run of two iterations, which has learned nothing",
    status: 1,
    says: [
      /^2 goals, .* +not passed: [\d.]+% ± [\d.]+% of 160, expected constraints satisfied at least 85\.0%; published: /m,
    ],
  },
  {
    command: "npm run dnc -- train --preset=shortest-path --seed=1 --checkpoint_dir=runs/shortest-path",
    as: `npm run dnc -- train --preset=shortest-path --backend=cpu ${SMALL} --checkpoint_dir={HERE}/shortest-path`,
    because: "it takes minutes",
    says: [/^task +shortest-path: 4-6 nodes, shortest paths of 2-3, /m, /^Done: 2 iterations/m],
  },
  {
    command: "npm run dnc -- grade runs/shortest-path",
    as: "npm run dnc -- grade {HERE}/shortest-path --backend=cpu",
    because: "the run of two iterations, which has learned nothing",
    status: 1,
    says: [
      /^4 to 6 nodes, .* +not passed: [\d.]+% ± [\d.]+% of 1000, expected exact match at least 80\.0%; published: /m,
    ],
  },
  {
    command: "npm run dnc -- presets --show=graph-traversal-lessons",
    says: [
      /^lesson 1 +min_nodes 3, max_path 1$/m,
      /^promotion +metric exact match, at_least 0\.9, every 100, earlier 0\.1$/m,
    ],
  },
  {
    command: "npm run dnc -- train --preset=graph-traversal-lessons --seed=1",
    as: `npm run dnc -- train --preset=graph-traversal-lessons --seed=1 --backend=cpu ${SMALL} --checkpoint_dir={HERE}/lessons`,
    because: "it takes minutes",
    says: [
      /^lessons +4, each until exact match is at least 90\.0%, decided every 100 iterations$/m,
      /: lesson 1\/4, loss /,
    ],
  },
  {
    command: "npm run dnc -- compare big-repeat-copy --vary=no_lessons=true,false --seeds=1,2,3",
    as: 'npm run dnc -- compare big-repeat-copy --vary="no_lessons=true,false; num_training_iterations=2; report_interval=1" --seeds=1 --out={HERE}/taught',
    because: "it takes minutes",
    says: [/^no_lessons=true +0 of 1 passed$/m, /^no_lessons=false +0 of 1 passed$/m, /comparison\.html/],
  },
  {
    command: "npm run dnc -- doctor",
    says: [/^cpu +works /m, /^auto takes \w+ for the default network\.$/m],
    check: ({ output, world }) => {
      const found = [...output.matchAll(/^(cpu|webgpu|cuda|node) +(works|does not work) /gm)];
      expect(found.map(([, name]) => name)).toEqual(["cpu", "webgpu", "cuda", "node"]);
      world.backends = found.filter(([, , verdict]) => verdict === "works").map(([, name]) => name);
    },
  },
  ...["webgpu", "cuda"].map((backend) => ({
    command: `npm run dnc -- train --backend=${backend}`,
    as: `npm run dnc -- train --backend=${backend} ${SMALL} --checkpoint_dir={HERE}/${backend}`,
    because: "minutes, and a driver in software takes seconds for an iteration",
    says: [new RegExp(`^backend +${backend}`, "m"), /^Done: 2 iterations/m],
    backend,
    refusal: { status: 2, says: [new RegExp(`^dnc: --backend ${backend}: .*(install|run) `, "m")] },
  })),
  {
    command: "npm run bench -- --workload=S --backend=webgpu",
    as: "npm run bench -- --workload=S --backend=webgpu --seconds=0.1",
    because: "ten seconds",
    says: [/^S, fused kernels \(WebGPU on /m],
    backend: "webgpu",
    refusal: { status: 1, says: [/^bench: --backend=webgpu: .*what there is$/m] },
  },
];

/** All of them. */
export const COMMANDS = [...ON_RUNS, ...IN_REPOSITORY];
