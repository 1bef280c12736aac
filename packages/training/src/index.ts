export { type ClippedGradients, clipByGlobalNorm } from "./clip-by-global-norm.js";
export type { FlatTensors } from "./flat-tensors.js";
export { type LossAndGradients, lossAndGradients } from "./loss-and-gradients.js";
export { type LossFunction, lossFunction } from "./loss-function.js";
export { RmsProp, type RmsPropOptions } from "./rms-prop.js";
export { type SigmoidOptions, sigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";
export { type BatchTensors, toTensors } from "./to-tensors.js";
export { type Trainable, type TrainStepResult, trainStep } from "./train-step.js";
