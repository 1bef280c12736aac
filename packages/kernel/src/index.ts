export { type ArrayField, MAX_THREADS, type NumberField, PLAN_FIELDS, type PlanField } from "./generated/plan.js";
export { COMMANDS, type Command, type KernelHost, type KernelNetwork, type RunShape } from "./host.js";
export { sizeFields } from "./size-fields.js";
export { KernelTrainer } from "./trainer.js";
export type { KernelTrainerSetup } from "./trainer-setup.js";
export { createUnrollKernels } from "./unroll-kernels.js";
