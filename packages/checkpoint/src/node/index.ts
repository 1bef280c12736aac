export { replaceFile, writeNew } from "./durable.js";
export { type FoundCheckpoint, findCheckpoint, loadCheckpoint, type Which } from "./load.js";
export { type CheckpointContents, type SaveOptions, saveCheckpoint } from "./save.js";
export { stepName } from "./step-name.js";
