import { expect, it } from "vitest";
import { Latest } from "../../src/page/ask/latest.js";

it("does the first and the last thing, one at a time, and says which is the latest", async () => {
  const done: [number, boolean][] = [];
  let release = () => {};
  let running = 0;
  const latest = new Latest<number>(async (value, isLatest) => {
    expect(++running).toBe(1);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    running--;
    done.push([value, isLatest()]);
  });
  const first = latest.ask(1);
  for (const value of [2, 3, 4]) await latest.ask(value);
  release();
  await new Promise((resolve) => setTimeout(resolve));
  release();
  await first;
  expect(done).toEqual([
    [1, false],
    [4, true],
  ]);
});
