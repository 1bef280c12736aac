export { hasUnrollOp, registerUnrollOp, runUnrollOp, type UnrollKernels, type UnrollRun, unrollOpOwner } from "./op.js";
export type { NetworkSizes } from "./sizes.js";
export {
  mapState,
  packInputs,
  packOutputs,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollOutputs,
  type UnrollState,
  type UnrollStateName,
  unpackGradientInputs,
  unpackInputs,
  unpackOutputs,
} from "./tensors.js";
