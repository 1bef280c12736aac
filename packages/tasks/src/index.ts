export { type CopyConfig, copy } from "./copy.js";
export { type CostOptions, maskedSigmoidCrossEntropy } from "./cost.js";
export { defineTask, type TaskDefinition } from "./define-task.js";
export { modelOutput } from "./model-output.js";
export { createRandom, type Random, type RandomState, restoreRandom } from "./random.js";
export { encodeRepeatCopy, type RepeatCopyConfig, repeatCopy } from "./repeat-copy.js";
export type { Pattern, Step } from "./sequence.js";
export { solvedSequences } from "./solved-sequences.js";
export type { Batch, RenderOptions, Task } from "./task.js";
