import { expect, it } from "vitest";
import * as flags from "../src/flags/index.js";
import * as settings from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(settings).sort()).toMatchInlineSnapshot(`
    [
      "BABI_SETS",
      "METRICS",
      "SIZE_FLAGS",
      "SIZE_NAMES",
      "UsageError",
      "buildRun",
      "builtInTask",
      "checkPath",
      "checkPathWord",
      "checkSizes",
      "closest",
      "createNetwork",
      "createTask",
      "expectation",
      "learningRateSchedule",
      "lessonTexts",
      "loadRunConfig",
      "loadTask",
      "recordedSettings",
      "resolveSettings",
      "runConfigOf",
      "settingsAt",
      "unknownName",
      "valuesFromWords",
      "withSettings",
      "withSizeErrors",
    ]
  `);
});

it("exports exactly these names of flags", () => {
  expect(Object.keys(flags).sort()).toMatchInlineSnapshot(`
    [
      "BACKENDS",
      "BUILT_IN_TASKS",
      "ENGINE",
      "FLAGS",
      "LIBRARY_TASKS",
      "MAX_SEED",
      "THREADS",
      "choice",
      "defaultOf",
      "flagNamed",
      "group",
      "hasOwnFlags",
      "integer",
      "isTaskFile",
      "isUsed",
      "path",
      "recordedFlags",
      "toggle",
    ]
  `);
});
