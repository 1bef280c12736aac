export {
  registerUnrollOp,
  runUnrollOp,
  type UnrollKernels,
  type UnrollOpOwner,
  type UnrollRun,
  type UnrollTrace,
  unrollOpOwner,
} from "./op.js";
export type { NetworkSizes } from "./sizes.js";
export {
  mapState,
  packOutputs,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollOutputs,
  type UnrollState,
  type UnrollStateName,
  unpackOutputs,
} from "./tensors.js";
