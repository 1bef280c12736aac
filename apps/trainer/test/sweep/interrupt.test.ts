/** What a sweep does on signals. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Answer, Interrupt } from "../../src/sweep/interrupt.js";

function listen(question?: () => Promise<Answer>) {
  const wake = vi.fn();
  const interrupt = new Interrupt(wake, question);
  onTestFinished(() => interrupt.dispose());
  return { interrupt, wake };
}

describe("a signal to a sweep", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends it without a terminal: %s", (signal) => {
    const { interrupt, wake } = listen();
    process.emit(signal);
    expect([interrupt.answer, wake.mock.calls.length]).toEqual(["stop", 1]);
  });

  it("asks once at a terminal, and goes on if that is the answer", async () => {
    const question = vi.fn(async (): Promise<Answer> => "go on");
    const { interrupt, wake } = listen(question);
    process.emit("SIGINT");
    await vi.waitFor(() => expect(question).toHaveBeenCalledTimes(1));
    expect([interrupt.answer, wake.mock.calls.length]).toEqual(["go on", 0]);
    question.mockResolvedValue("leave");
    process.emit("SIGINT");
    await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(1));
    expect([interrupt.answer, question.mock.calls.length]).toEqual(["leave", 2]);
  });

  it("ends it where Ctrl-C is the answer", () => {
    const { interrupt, wake } = listen(() => new Promise(() => {}));
    process.emit("SIGINT");
    expect(wake).not.toHaveBeenCalled();
    process.emit("SIGINT");
    expect([interrupt.answer, wake.mock.calls.length]).toEqual(["stop", 1]);
  });

  it("does not reach it after it has ended", () => {
    const before = process.listenerCount("SIGTERM");
    const { interrupt } = listen();
    interrupt.dispose();
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
