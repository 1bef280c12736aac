import { getEngine } from "./engine.js";
import { registerUnroll } from "./unroll-kernel.js";

export { type FusedCore, isCovered } from "./core.js";
export type { InstructionSet } from "./kernel.js";
export { type FusedBatch, type FusedStep, FusedTraining, type FusedTrainingOptions } from "./training.js";

// Importing the package is all a user does. Where WebAssembly has no SIMD, everything stays as it is.
if (getEngine()) registerUnroll();
