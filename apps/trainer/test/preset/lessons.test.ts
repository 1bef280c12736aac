/** Presets with lessons: that they can be trained, and are those of the paper. */
import { GRAPH_LESSONS, type GraphLesson } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { planRun } from "../../src/flags/plan.js";
import { readSettings } from "../../src/flags/settings.js";
import { presetNames, readPreset } from "../../src/preset/preset.js";
import { babiFilesFor } from "../task/babi-folder.js";

const taught = presetNames().filter((name) => readPreset(name).settings.lessons !== undefined);

/** The graph lessons of the paper that a preset has. */
const PAPER: Readonly<Record<string, readonly GraphLesson[]>> = {
  "graph-traversal-lessons": GRAPH_LESSONS.traversal.slice(0, 4),
  "graph-traversal-paper": GRAPH_LESSONS.traversal,
  inference: GRAPH_LESSONS.inference,
  "shortest-path-large": GRAPH_LESSONS.shortestPath,
};

describe.each(taught)("the lessons of the preset %s", (name) => {
  const { settings } = readPreset(name);
  const { lessons = [] } = settings;

  it("are planned, the last of them the task itself", async () => {
    const { config } = await planRun(readSettings({}, undefined, babiFilesFor(settings), name));
    expect(config.lessons?.tasks).toHaveLength(lessons.length);
    expect(lessons.length).toBeGreaterThan(1);
    expect(lessons.at(-1)).toEqual({});
    expect(lessons[0]).not.toEqual({});
  });
});

it.each(Object.keys(PAPER))("the lessons of the preset %s are those of the paper", (name) => {
  const { task_flags: flags, lessons = [] } = readPreset(name).settings;
  const camelCased = (key: string) => key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const own = lessons.map((lesson) =>
    Object.fromEntries(
      Object.entries({ ...(flags as object), ...lesson }).map(([key, value]) => [camelCased(key), value]),
    ),
  );
  PAPER[name].forEach((lesson, index) => {
    expect(own[index]).toMatchObject(lesson);
  });
  expect(own).toHaveLength(PAPER[name].length);
});

it("graphs and big repeat copy have lessons", () => {
  expect(taught).toEqual(expect.arrayContaining([...Object.keys(PAPER), "big-repeat-copy"]));
});
