import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { CrashWatch } from "../src/crash-watch.js";

describe("a crash watch", () => {
  it("records the first uncaught error, and throws nothing before", () => {
    const events = new EventEmitter();
    const crash = new CrashWatch({ events });
    crash.check();
    expect(crash.hasCrashed).toBe(false);
    for (const text of ["first", "second"]) events.emit("uncaughtException", new Error(text));
    expect(crash.hasCrashed).toBe(true);
    expect(() => crash.check()).toThrow("first");
    crash.dispose();
    expect(events.listenerCount("uncaughtException")).toBe(0);
  });

  it("rejects if a run does not end by itself in time", async () => {
    const events = new EventEmitter();
    const crash = new CrashWatch({ events, timeout: 1 });
    events.emit("uncaughtException", "gone");
    await expect(crash.stuck).rejects.toBe("gone");
    crash.dispose();
  });
});
