export { isTaskFile } from "../task/is-task-file.js";
export { BUILT_IN_TASKS, hasOwnFlags, LIBRARY_TASKS } from "../task/names.js";
export {
  type ChoiceFlag,
  choice,
  type Flag,
  group,
  integer,
  type KnownFlag,
  path,
  toggle,
  type ValuesOf,
} from "./flag.js";
export {
  BACKENDS,
  type BackendName,
  defaultOf,
  ENGINE,
  FLAGS,
  flagNamed,
  isUsed,
  MAX_SEED,
  recordedFlags,
  type Selection,
  type SettingFlag,
  type Settings,
  THREADS,
} from "./train-flags.js";
