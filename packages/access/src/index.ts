export type { InterfaceControls, InterfaceWeights } from "./interface.js";
export {
  type AccessState,
  type AccessStep,
  type AccessStepOptions,
  type AccessTrace,
  type CompleteMemoryAccessConfig,
  MemoryAccess,
  type MemoryAccessConfig,
} from "./memory-access.js";
export type { CreateVariable, NamedVariable } from "./variables.js";
