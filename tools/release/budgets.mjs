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
  "@dnc/core": 15_700,
  "@dnc/core/layers": 16_100,
  "@dnc/core/engine": 930, // what an engine needs to register itself
  "@dnc/tasks": 2_600,
  "@dnc/training": 17_000, // the loop, and the unrolling of @dnc/core
  "@dnc/checkpoint": 5_200,
  "@dnc/checkpoint/network": 23_500, // with a Dnc of @dnc/core
  "@dnc/checkpoint/node": 9_600, // tells what cannot be read from what is damaged, and keeps modes, owners and links of what it replaces
  "@dnc/checkpoint/node/network": 25_500,
  "@dnc/report": 19_000, // the page, its style sheet, and a PNG encoder
  "@dnc/engine-wasm": 112_000, // the kernel twice, for two instruction sets
  "@dnc/engine-webgpu": 24_500,
};

/** What all of `@dnc/addressing` may cost. */
export const WHOLE_ADDRESSING = 6_000;
