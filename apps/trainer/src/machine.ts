import { totalmem } from "node:os";
import { resolve } from "node:path";
import type { Machine } from "@dnc/settings";
import { babiFiles } from "./task/babi-files.js";
import { loadTaskFile } from "./task/file/load-task-file.js";

/** This machine: its memory, its files, and the files of tasks. */
export const machine: Machine = {
  memory: totalmem(),
  absolutePath: (path) => resolve(path),
  loadTaskFile,
  babiFiles,
};
