export { replaceFile, writeNew } from "./durable.js";
export { type FindOptions, type FoundCheckpoint, findCheckpoint, type Which } from "./find.js";
export { loadCheckpoint } from "./load.js";
export { type CheckpointContents, type SaveOptions, saveCheckpoint } from "./save.js";
export { stepName } from "./step-name.js";
