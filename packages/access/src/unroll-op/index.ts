export { registerUnrollOp, runUnrollOp, type UnrollKernels, type UnrollRun, unrollOpOwner } from "./op.js";
export type { NetworkSizes } from "./sizes.js";
export {
  mapState,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollOutputs,
  type UnrollState,
  type UnrollStateName,
} from "./tensors.js";
