export { type Checkpoint, parseCheckpoint } from "./checkpoint.js";
export { DamagedCheckpointError } from "./damaged-checkpoint-error.js";
export { type CheckpointContents, type CheckpointFiles, encodeCheckpoint } from "./encode-checkpoint.js";
export {
  type DecodedSafetensors,
  type Dtype,
  decodeSafetensors,
  type EncodeOptions,
  encodeSafetensors,
  type SafeTensor,
  SafetensorsError,
  toFloat32,
} from "./safetensors/index.js";
export type { CheckpointState } from "./state/state-json.js";
export { stepName } from "./step-name.js";
export type { StoredTensor } from "./stored-tensor.js";
export { UnreadableCheckpointError } from "./unreadable-checkpoint-error.js";
export { assignTensors, type NamedVariable, readTensors } from "./variables.js";
