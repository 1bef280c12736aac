export type { CheckpointContents } from "../encode-checkpoint.js";
export { stepName } from "../step-name.js";
export { writeFileAtomic, writeFileExclusive } from "./durable.js";
export { type CheckpointSelector, type FindOptions, type FoundCheckpoint, findCheckpoint } from "./find.js";
export { type FileKind, kindOf, systemReason } from "./kind.js";
export { type LoadCheckpointOptions, loadCheckpoint } from "./load.js";
export { type SaveOptions, saveCheckpoint } from "./save.js";
