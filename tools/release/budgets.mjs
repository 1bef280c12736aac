/**
 * Size limits of an import in a page, in bytes after gzip and without TensorFlow.js: the largest single import of each
 * entry point, including our other packages that it needs. Limits are about 15% above the measured sizes; give the
 * reason when you raise one.
 */
export const BUDGETS = {
  "@dnc/addressing": 1_720, // the checks that access, controller and core share; masks
  "@dnc/addressing/checks": 500,
  "@dnc/access": 6_700, // with the variants of the memory
  "@dnc/access/unroll-op": 1_050,
  "@dnc/controller": 2_200,
  "@dnc/core": 12_300, // with variants, masks of steps and custom parts
  "@dnc/core/layers": 12_900,
  "@dnc/core/engine": 1_210, // what an engine of either kind needs to register itself
  "@dnc/tasks": 9_200, // a task with the facts about its sequences, and the output of each loss; graphs of the tests
  "@dnc/training": 20_500, // the loop, lessons, episodes, losses, optimizers and carried state, and the unrolling of @dnc/core
  "@dnc/checkpoint": 5_200,
  "@dnc/checkpoint/network": 20_400, // with a Dnc and an LstmNetwork of @dnc/core
  "@dnc/checkpoint/node": 9_600, // atomic writes that preserve modes, owners and links, and errors that distinguish damaged from unreadable files
  "@dnc/checkpoint/node/network": 21_500,
  "@dnc/report": 38_000, // the page with its script and style sheet, timelines and the chart of locations of the memory, and a PNG encoder
  "@dnc/runs": 41_700, // the networks, tasks and pictures of what it records, and checkpoints
  "@dnc/runs/contents": 10_800, // networks, and the evaluation of them
  "@dnc/runs/read": 7_900, // the reader of checkpoints
  "@dnc/settings": 42_300, // every built-in task, lessons, and the networks whose sizes are checked
  "@dnc/settings/flags": 3_400, // the help of every flag
  "@dnc/pretrained": 8_600, // the facts about every network, of which there are eight; their weights are files of their own
  "@dnc/pretrained/node": 8_600,
  "@dnc/engine-tfjs": 7_900,
  "@dnc/kernel": 5_100, // a trainer and the unroll op
  "@dnc/engine-native": 10_300, // the trainer, the unroll op and the traces of @dnc/kernel, and what loads the binary
  "@dnc/engine-wasm": 161_000, // the kernel for two instruction sets, with all variants, losses and optimizers
  "@dnc/engine-webgpu": 35_800, // shaders of all variants, losses and optimizers
};

/** Size limit of the complete `@dnc/addressing`. */
export const WHOLE_ADDRESSING = 6_000;

/** Size limits of the native engine's binaries, in bytes, by platform. */
export const BINARY_BUDGETS = {
  "linux-x64": 407_000, // the kernel for two instruction sets
  "linux-x64-musl": 407_000,
  "linux-arm64": 173_000, // for one
  "darwin-x64": 409_000,
  "darwin-arm64": 239_000,
  "win32-x64": 497_000, // with threads of zig's own library
};
