/**
 * What one import may cost a page, in bytes after gzip and without TensorFlow.js: the heaviest single import of each entry
 * point, our other packages that it needs included. Sizes are some fifteen percent above what was measured; whoever
 * raises one says what for.
 */
export const BUDGETS = {
  "@dnc/addressing": 1_300,
  "@dnc/access": 4_700,
  "@dnc/access/unroll-op": 910,
  "@dnc/controller": 2_200,
  "@dnc/core": 10_700,
  "@dnc/core/layers": 11_400,
  "@dnc/core/engine": 1_210, // what an engine of either kind needs to register itself
  "@dnc/tasks": 3_000, // a task with the facts about its sequences
  "@dnc/training": 10_600, // the loop, and the unrolling of @dnc/core
  "@dnc/checkpoint": 5_200,
  "@dnc/checkpoint/network": 17_700, // with a Dnc of @dnc/core
  "@dnc/checkpoint/node": 9_600, // tells what cannot be read from what is damaged, and keeps modes, owners and links of what it replaces
  "@dnc/checkpoint/node/network": 19_500,
  "@dnc/report": 19_000, // the page, its style sheet, and a PNG encoder
  "@dnc/runs": 36_000, // the networks, tasks and pictures of what it records, and checkpoints
  "@dnc/runs/read": 7_900, // the reader of checkpoints
  "@dnc/engine-tfjs": 7_900,
  "@dnc/engine-wasm": 112_000, // the kernel twice, for two instruction sets
  "@dnc/engine-webgpu": 24_500,
};

/** What all of `@dnc/addressing` may cost. */
export const WHOLE_ADDRESSING = 6_000;
