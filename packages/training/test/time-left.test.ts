import { expect, it } from "vitest";
import { TimeLeft } from "../src/time-left.js";

it("uses the rate of this process, without its first iteration once there is another", () => {
  let now = 100;
  const timeLeft = new TimeLeft(10, 3, () => now);
  now += 5;
  expect(timeLeft.after(4)).toBe(6 * 5);
  now += 2;
  expect(timeLeft.after(5)).toBe(5 * 2);
  now += 4;
  expect(timeLeft.after(6)).toBeCloseTo((4 * 6) / 2);
  // Called twice, as at a report.
  expect(timeLeft.after(6)).toBeCloseTo((4 * 6) / 2);
});
