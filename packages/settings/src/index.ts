export { type BuildOptions, buildRun, type RunParts } from "./build-run.js";
export type {
  LessonsConfig,
  ModelConfig,
  NetworkConfig,
  RecordingConfig,
  RunConfig,
  SeededModel,
  TaskConfig,
  TrainingConfig,
} from "./configs.js";
export {
  type CommandLineWords,
  checkPath,
  checkPathWord,
  expectation,
  type FlagValue,
  valuesFromWords,
} from "./flags/flag-value.js";
export { lessonTexts } from "./flags/lesson-texts.js";
export { type LoadedRunConfig, loadRunConfig } from "./flags/load-run-config.js";
export { type LoadedTask, type LoadTaskOptions, loadTask } from "./flags/load-task.js";
export { runConfigOf } from "./flags/model-config.js";
export { recordedSettings } from "./flags/recorded-settings.js";
export {
  type NamedPreset,
  resolveSettings,
  type SettingsObject,
  type SettingsSources,
} from "./flags/resolve-settings.js";
export { type Change, type RunRecord, settingsAt, type TaskFileRecord, type TaskFlags } from "./flags/run-record.js";
export { closest, unknownName } from "./flags/suggest.js";
export { withSettings } from "./flags/with-settings.js";
export type { Machine } from "./machine.js";
export { createNetwork, createTask } from "./model/create-network.js";
export { learningRateSchedule } from "./model/learning-rate.js";
export { type BatchSizes, checkSizes } from "./model/sizes.js";
export { withSizeErrors } from "./model/with-size-errors.js";
export { type Criterion, METRICS, type MetricName, type Preset } from "./preset.js";
export { BABI_SETS, type BabiFileStories, type BabiSet, type StorySource } from "./task/babi-source.js";
export { type BuiltInTask, builtInTask } from "./task/built-in.js";
export { SIZE_FLAGS, type TaskFile, type TaskFileOptions } from "./task/task-file.js";
export {
  type CompleteTask,
  SIZE_NAMES,
  type SizeName,
  type TaskOptions,
  type TaskSizes,
  type TaskSource,
} from "./task/task-source.js";
export { UsageError } from "./usage-error.js";
