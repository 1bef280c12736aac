/**
 * The commands that no test runs literally, with all their arguments, and the reason. `instead` is a command that is
 * run.
 *
 * @type {{ command: string, because: string, instead?: string }[]}
 */
export const EXCEPTIONS = [
  ...["", " -- --tensorflow=2.21.0", " -- --wheel=FILE --libraries=/usr/local/cuda"].map((flags) => ({
    command: `npm run setup:cuda${flags}`,
    because: "3 GB of downloads, and an NVIDIA GPU",
    instead: "npm run setup:node",
  })),
  {
    command: "npm run bench -- --workload=M --backend=webgpu",
    because: "minutes on a driver in software",
    instead: "npm run bench -- --workload=S --backend=webgpu",
  },
  ...["", " --backend=webgpu"].map((flags) => ({
    command: `node tools/parity.mjs DIR${flags}`,
    because: "a placeholder",
    instead: `npm run parity -- tools/parity/cases${flags}`,
  })),
  ...["", " --masking"].map((flag) => ({
    command: `for seed in 1 2 3 4 5; do npm run dnc -- train --seed=$seed --config=small.json${flag} --checkpoint_dir=runs/${flag ? "masking" : "plain"}-$seed; done`,
    because: "five whole runs: a minute each",
  })),
  {
    command: "npm run dnc -- report runs/plain-* runs/masking-* --out=comparison.html",
    because: "about the ten runs above it",
    instead: "npm run dnc -- report RUN OTHER --out=F",
  },
  ...["--svg=figures", "--csv --out=runs.csv"].map((flags) => ({
    command: `npm run dnc -- report RESULTS ${flags}`,
    because: "about the results of a sweep; apps/trainer/test/commands/report-sweep.test.ts makes some and runs it",
  })),
  ...["--plan", "--results=runs/sweep"].map((flags) => ({
    command: `npm run dnc -- sweep sweep.json ${flags}`,
    because: "about 120 runs; apps/trainer/test/sweep/local-sweep.test.ts plans and trains four",
  })),
  {
    command: 'npm run dnc -- sweep sweep.json --on=http://127.0.0.1:8265 --results=/shared/sweep --program="npx dnc"',
    because: "it needs a cluster; `npm run test:ray` starts one and sweeps",
  },
  ...["", " FILE"].map((file) => ({
    command: `dnc sweep${file}`,
    because:
      "without a file's name it is only that of the command; apps/trainer/test/sweep/local-sweep.test.ts runs it",
  })),
  { command: "npm run test:ray", because: "minutes, and it installs Ray" },
  {
    command: "npm run dnc -- train --preset=babi-20 --babi_dir=DIR --seed=1 --checkpoint_dir=runs/babi",
    because: "it needs bAbI's files; apps/trainer/test/task/babi.test.ts trains with small files of the same format",
  },
  {
    command: "npm run dnc -- grade runs/babi",
    because: "about the run above it; apps/trainer/test/task/babi.test.ts grades one",
  },
  {
    command: "node tools/inspector-pictures.mjs",
    because: "it needs a browser, and trains for minutes in four windows",
  },
  {
    command: "node tools/bench/sweep-variants.mjs",
    because: "160 runs of half a minute; tools/repository/sweep-variants.test.mjs makes its report",
  },
  { command: "node tools/bench/learn.mjs", because: "whole runs of three seeds: minutes" },
  {
    command: "node tools/pretrained.mjs --run=RUN --commit=COMMIT",
    because: "it needs a run that has passed its grade, and writes into the clone",
  },
  ...["page", "pretrained"].flatMap((name) =>
    [`npx vite examples/${name}`, `npx vite build examples/${name}`].map((command) => ({
      command,
      because: `one serves until it is stopped, the other writes into the clone; example-${name}.test.mjs builds and opens the page`,
    })),
  ),
  {
    command: "npm run docs:check",
    because: "`npm run docs` checks the same, and makes the pages",
    instead: "npm run docs",
  },
  {
    command: "npm run conformance -- --write",
    because: "it writes into the clone; conformance.test.mjs compares the page with what it would write",
  },
  { command: "npm run conformance -- --all", because: "an hour; conformance.test.mjs compares a part of the rows" },
  {
    command: "dnc train --network lstm",
    because: "a whole run of an installed package; apps/trainer/test/change.test.ts trains, evaluates and reports one",
  },
  {
    command: "dnc report RUN RUN ...",
    because: "a placeholder",
    instead: "npm run dnc -- report RUN OTHER --out=F",
  },
  {
    command: "npm run bench -- --workload=S --engine=native --threads=2",
    because: "it needs the native engine",
    instead: "npm run bench -- --workload=S --threads=2",
  },
  {
    command: "npm run build:native -- --all",
    because: "minutes of compiling; a release does it",
    instead: "npm run build:native",
  },
  { command: "npm run check:packages", because: "test:release does the same checks, on what it publishes" },
  {
    command: "npm run test:sanitize",
    because: "minutes of compiling, and it needs clang with its libraries of the sanitizers",
  },
  { command: "npm run format", because: "it writes into the clone", instead: "npm run lint" },
  { command: "npm run api", because: "it writes into the clone; api.test.mjs compares with what it would write" },
  {
    command: "npm run docs:diagram",
    because: "it writes pages that other tests are reading; diagram.test.mjs compares them with what it would write",
  },
  {
    command: "node --import ./dawn.mjs example.mjs",
    because: "test:release runs the example above it so, under another name",
  },
  {
    command: "npm ls @tensorflow/tfjs-layers",
    because: "about a reader's own project; test:release looks at what an installation brings",
  },
  { command: "npm login", because: "it asks for a password; test:release makes an account of its own" },
  ...["npm view", "npm publish"].map((command) => ({
    command,
    because: "without a package it is only a name for what `npm run release` starts; test:release makes releases",
  })),
  {
    command: "npm run pack",
    because: "without a folder it is refused, and only a name in a sentence",
    instead: "npm run pack -- DIR",
  },
  ...["npm install DIR/*.tgz @tensorflow/tfjs@4.22.0", "pnpm add"].map((command) => ({
    command,
    because: "about a reader's own project; pack.test.mjs types what `npm run pack` prints in one",
  })),
  {
    command: "npm run bench:kernels",
    because: "S is its default",
    instead: "npm run bench:kernels -- --workload=S",
  },
  { command: "git push --follow-tags", because: "it changes what others see; test:release looks at commits and tags" },
  {
    command: "apt-get install chromium libvulkan1",
    because: "it needs to be root; .ci/run installs a smaller Chromium with the same driver",
  },
];
