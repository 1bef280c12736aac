export { Adam, type AdamOptions } from "./adam.js";
export type { CarriedState, CarriedTensor } from "./carried-state.js";
export { type ClippedGradients, clipByGlobalNorm } from "./clip-by-global-norm.js";
export { createOptimizer } from "./create-optimizer.js";
export { createSchedule, type ScheduleOf, type ScheduleOptions } from "./create-schedule.js";
export { createTraining } from "./create-training.js";
export { type Divergence, DivergenceError } from "./divergence-error.js";
export { type EvaluateOptions, evaluate } from "./evaluate.js";
export { type EvaluateGridOptions, evaluateGrid, type GridProgress } from "./evaluate-grid.js";
export type { FlatTensors } from "./flat-tensors.js";
export type { IntervalMetrics, IntervalSums } from "./interval-metrics.js";
export {
  constantRate,
  cosineDecay,
  type DecayOptions,
  exponentialDecay,
  type FactorOptions,
  type LearningRateSchedule,
  linearDecay,
  stepDecay,
  type WarmUpOptions,
} from "./learning-rate.js";
export type { CurrentLesson, LessonsState, PassedLesson } from "./lesson-progress.js";
export {
  type LessonShares,
  type Lessons,
  type LessonsOptions,
  lessons,
} from "./lessons.js";
export { type LossAndGradients, lossAndGradients, type SequenceStates } from "./loss-and-gradients.js";
export { type LossFunction, lossFunction, type TrainedLoss } from "./loss-function.js";
export type { Optimizer } from "./optimizer.js";
export { predict } from "./predict.js";
export type { CompletePromotion, Promotion, PromotionMetric } from "./promotion.js";
export { type Prediction, renderPrediction, samplePrediction } from "./render-prediction.js";
export { RmsProp, type RmsPropOptions } from "./rms-prop.js";
export { type RollOutOptions, type Rollout, rollOut } from "./roll-out.js";
export { type SigmoidOptions, sigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";
export { type SoftmaxOptions, softmaxCrossEntropy } from "./softmax-cross-entropy.js";
export { type SquaredOptions, squaredError } from "./squared-error.js";
export { TimeLeft } from "./time-left.js";
export { type BatchTensors, toTensors } from "./to-tensors.js";
export { traceSequence } from "./trace-sequence.js";
export { type TrainResult, train } from "./train.js";
export type { StopSignal, TrainCallbacks, TrainOptions } from "./train-options.js";
export { type Trainable, type TrainStepOutputs, trainStep } from "./train-step.js";
export type { Training } from "./training.js";
export type {
  Curriculum,
  CurriculumProgress,
  TrainingCheckpoint,
  TrainingReport,
  TrainingState,
} from "./training-report.js";
export type { ValueTraining } from "./value-training.js";
