export {
  type CheckpointDetails,
  checkpointContents,
  type RestoredParts,
  restoreCheckpoint,
} from "./checkpoint-contents.js";
export type { RunIdentity } from "./checkpoint-state.js";
export { type ReportRecord, reportRecord, samplePath } from "./report-record.js";
export type { ResumeState } from "./resume-state.js";
export { heldOutExactMatch, predictSample, type Sample, validationLoss } from "./sample.js";
