export { main } from "./main.js";
export { type ClippedGradients, clipByGlobalNorm } from "./training/clip-by-global-norm.js";
export type { FlatTensors } from "./training/flat-tensors.js";
export { type LossAndGradients, lossAndGradients } from "./training/loss-and-gradients.js";
export { RmsProp, type RmsPropOptions } from "./training/rms-prop.js";
export { type Trainable, type TrainStepResult, trainStep } from "./training/train-step.js";
