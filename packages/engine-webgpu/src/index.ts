import { registerUnroll } from "./unroll-kernel.js";

export { type FusedCore, isCovered } from "./core.js";
export type { FusedTrainingOptions } from "./options.js";
export type { FusedStep } from "./results.js";
export { type FusedBatch, FusedTraining } from "./training.js";

// Importing the package is all a user does. The kernels are generated when the backend first asks for them.
registerUnroll();
