import { expect, it } from "vitest";
import { run } from "../process.mjs";

it("any number of programs run concurrently, with one listener per signal", async () => {
  const before = process.listenerCount("SIGTERM");
  const running = Array.from({ length: 15 }, (_, index) => run([process.execPath, "-e", `console.log(${index})`]));
  expect(process.listenerCount("SIGTERM")).toBe(before + 1);
  const ended = await Promise.all(running);
  expect(ended).toEqual(ended.map((_, index) => ({ status: 0, output: `${index}\n` })));
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

it("a program that does not exist is an error, and leaves no listener", async () => {
  const before = process.listenerCount("SIGTERM");
  await expect(run(["./not-there"])).rejects.toThrow("ENOENT");
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
