export { type ReadOptions, readPlainFile } from "../files/plain-file.js";
export { checkOutsideRun } from "../folder/check-outside-run.js";
export { findOwner } from "../folder/find-owner.js";
export { inspectRunFolder, type LabelOptions } from "../folder/inspect-run-folder.js";
export { RunFolderError } from "../run-folder-error.js";
export { type ReadCheckpointOptions, readCheckpoint } from "./checkpoint.js";
export { readCheckpoints } from "./checkpoints.js";
export { readMetrics } from "./metrics.js";
export { type ReadSamplesOptions, readSamples } from "./samples.js";
