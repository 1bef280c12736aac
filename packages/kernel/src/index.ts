export { createKernelEngine } from "./engine.js";
export { type ArrayField, MAX_THREADS, type NumberField, PLAN_FIELDS, type PlanField } from "./generated/plan.js";
export { COMMANDS, type Command, isSameShape, type KernelHost, type KernelNetwork, type RunShape } from "./host.js";
export { type HostOptions, KernelHosts, type KernelHostsSetup } from "./hosts.js";
export { sizeFields } from "./size-fields.js";
export { KernelTrainer } from "./trainer.js";
export { type KernelTrainerSetup, setUpTrainer } from "./trainer-setup.js";
