export {
  mapState,
  type NetworkSizes,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollKernels,
  type UnrollOutputs,
  type UnrollRun,
  type UnrollState,
  type UnrollStateName,
  type UnrollTrace,
} from "@dnc/access/unroll-op";
export { checkBoolean, checkKeys, checkObject, formatValue } from "@dnc/addressing/checks";
export { type BatchRules, type BatchSteps, checkBatch, checkNewSequences, checkRunSteps } from "./check-batch.js";
export { checkCore, checkCount, checkFraction, checkNumber, checkPositive } from "./checks.js";
export type { NetworkConfig, TrainableCore } from "./core.js";
export type { Engine, EngineFacts, KernelEngine, OpsEngine } from "./engine.js";
export { missingEngine } from "./missing-engine.js";
export { networkSizes, supportsStandardNetwork, whyNoSizes, whyNotStandard } from "./network.js";
export { type CachedNetwork, NetworkCache } from "./network-cache.js";
export {
  type AdamOptions,
  type BiasCorrections,
  biasCorrections,
  type CompleteAdamOptions,
  type CompleteOptimizerOptions,
  type CompleteRmsPropOptions,
  completeOptimizerOptions,
  momentShare,
  newShare,
  type OptimizerOptions,
  type RmsPropOptions,
} from "./optimizer-options.js";
export {
  type CompleteTrainerOptions,
  completeGroupSizes,
  completeTrainerOptions,
} from "./options.js";
export { findEngine, findEngines, registerEngine, supportsCore } from "./registry.js";
export type {
  AdamState,
  BatchArrays,
  LossName,
  OptimizerState,
  RmsPropState,
  Trainer,
  TrainerOptions,
  TrainingKind,
  TrainStepResult,
} from "./trainer.js";
export type { UnrollForward, UnrollGradients, UnrollOps, UnrollOpsRun } from "./unroll-ops.js";
