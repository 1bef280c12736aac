export { type Checkpoint, type CheckpointState, DamagedCheckpointError, openCheckpoint } from "./checkpoint.js";
export {
  type DecodedSafetensors,
  type Dtype,
  decodeSafetensors,
  encodeSafetensors,
  type SafeTensor,
  SafetensorsError,
  toFloat32,
} from "./safetensors/index.js";
export type { StoredTensor } from "./stored-tensor.js";
export { assignTensors, readTensors } from "./variables.js";
