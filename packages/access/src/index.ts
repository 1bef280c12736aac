export type { CreateVariable, NamedVariable } from "@dnc/addressing";
export type { CompleteMemoryAccessConfig, MemoryAccessConfig } from "./config.js";
export type { InterfaceParameters, InterfaceWeights } from "./interface.js";
export { MemoryAccess } from "./memory-access.js";
export type { AccessState, AccessStep, AccessStepOptions, AccessTrace } from "./step.js";
