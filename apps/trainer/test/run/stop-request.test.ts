import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { StopRequest } from "../../src/run/stop-request.js";

function listening() {
  const [output, signals] = [new EventEmitter(), new EventEmitter()];
  const told: string[] = [];
  const left: number[] = [];
  const clock = { now: 1000 };
  const stop = new StopRequest(output, (reason) => told.push(reason), {
    signals,
    quit: (status) => left.push(status),
    now: () => clock.now,
  });
  return { output, signals, told, left, clock, stop };
}

describe("StopRequest", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"])("reacts to %s", (signal) => {
    const { signals, told, stop } = listening();
    expect(stop.reason).toBeUndefined();
    signals.emit(signal, signal);
    expect(stop.reason).toBe(signal);
    expect(told).toEqual([signal]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("quits at once at a second signal, %s with %d, but not at the echo of the first", (signal, status) => {
    const { signals, told, left, clock } = listening();
    signals.emit("SIGINT", "SIGINT");
    clock.now += 400;
    signals.emit(signal, signal);
    expect(left).toEqual([]);
    clock.now += 200;
    signals.emit(signal, signal);
    expect(left).toEqual([status]);
    expect(told).toEqual(["SIGINT"]);
  });

  it("treats a closed output as a request to stop, any number of times", () => {
    const { output, told, stop } = listening();
    const closed = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    output.emit("error", closed);
    output.emit("error", closed);
    expect(stop.reason).toBe("closed output");
    expect(stop.outputError).toBeUndefined();
    expect(told).toEqual(["closed output"]);
  });

  it("records any other error of the output, also after a signal", () => {
    for (const before of [[], ["SIGINT"]]) {
      const { output, signals, told, stop } = listening();
      for (const signal of before) signals.emit(signal, signal);
      const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      output.emit("error", full);
      expect(stop.reason).toBe(before[0] ?? "failed output");
      expect(stop.outputError).toBe(full);
      expect(told).toEqual([before[0] ?? "failed output"]);
    }
  });

  it("does not listen after dispose", () => {
    const { output, signals, stop } = listening();
    stop.dispose();
    signals.emit("SIGINT", "SIGINT");
    expect(stop.reason).toBeUndefined();
    expect(output.listenerCount("error") + signals.eventNames().length).toBe(0);
  });
});
