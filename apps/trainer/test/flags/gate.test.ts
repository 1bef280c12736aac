import { expect, it } from "vitest";
import { type Request, readCommandLine } from "../../src/flags/command-line.js";
import { describeSettings } from "../../src/flags/gate.js";
import { smallSettings } from "../support.js";

it("the settings of a run have their values and meanings, without those of the other task", () => {
  const { entries } = describeSettings(smallSettings({ task: "copy", hidden_size: "7" }), "run");
  expect(entries.find(({ name }) => name === "hidden_size")).toEqual({
    name: "hidden_size",
    value: 7,
    isDefault: false,
    description: expect.stringMatching(/./),
  });
  expect(entries.find(({ name }) => name === "clip_value")).toMatchObject({ value: 20, isDefault: true });
  expect(entries.filter(({ name }) => name.endsWith("_repeats"))).toEqual([]);
  for (const { description } of entries) expect(description).not.toMatch(/one of$/);
  expect(entries.find(({ name }) => name === "backend")?.description).toMatch(/one of: auto, cuda, webgpu, cpu, node$/);
});

it("the settings of a run with a task's file have the hash of the file, its command has not", () => {
  const task_file = { sha256: "ab".repeat(32), input_size: 1, target_size: 1 };
  const { entries, command } = describeSettings({ ...smallSettings({ task: "./my-task.mjs" }), task_file }, "run");
  expect(entries.find(({ name }) => name === "task_sha256")?.value).toBe(task_file.sha256);
  expect(command).not.toContain("sha256");
});

it("the command that trains such a run names what differs from the defaults, and the backend", () => {
  const { command } = describeSettings({ ...smallSettings({ hidden_size: "7" }), backend: "cpu" }, "run");
  expect(command).toMatch(/^dnc train .*--hidden_size=7 .*--backend=cpu$/);
  expect(command).not.toContain("--clip_value");
});

it("the command that trains such a run is a command line with the same settings", () => {
  const flags = [
    "--no_links",
    "--deallocation",
    "--masking",
    "--masking=0.25",
    "--layers=2",
    "--optimizer=adam",
    "--initial_memory=random",
  ];
  const { settings } = readCommandLine(["train", ...flags]) as Extract<Request, { command: "train" }>;
  const [, , ...words] = describeSettings(settings, "run").command.split(" ");
  expect(words).toContain("--no_links");
  expect(readCommandLine(["train", ...words])).toEqual({ command: "train", settings });
});
