export type { CreateVariable, NamedVariable } from "@dnc/addressing";
export type { Access, NestedAccessState } from "./access.js";
export type { CompleteMemoryAccessConfig, MemoryAccessConfig } from "./config.js";
export type { InterfaceParameters, InterfaceWeights } from "./interface.js";
export { type InterfaceLayer, type InterfaceSizes, interfaceLayers } from "./interface-layers.js";
export { MemoryAccess } from "./memory-access.js";
export { type ReadParameters, type ReadWeighting, readWeighting } from "./read.js";
export type { AccessState, AccessStep, AccessStepOptions, AccessTrace } from "./step.js";
export {
  type CompleteMemoryVariants,
  completeVariants,
  type InitialMemory,
  type MemoryVariants,
  VARIANT_KEYS,
} from "./variants.js";
export {
  type MaskOptions,
  type WriteOptions,
  type WriteParameters,
  type WriteWeighting,
  writeMemory,
  writeWeighting,
} from "./write.js";
