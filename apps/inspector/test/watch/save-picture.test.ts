import { expect, it } from "vitest";
import { pictureName } from "../../src/page/drawing/save-picture.js";

it.each([
  ["Repeat copy: a sequence of 28 time steps", "repeat-copy-locations"],
  ["my traces/Run 3.json", "my-traces-run-3-locations"],
  ["../..", "locations"],
  ["a ".repeat(90), `${"a-".repeat(25)}locations`.slice(-60)],
])("the file of a picture of %j is named %s", (title, name) => {
  expect(pictureName(title, "locations")).toBe(name);
  expect(name).toMatch(/^[a-z0-9-]+$/);
});
