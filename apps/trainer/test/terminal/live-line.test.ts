import { describe, expect, it } from "vitest";
import { LiveLine } from "../../src/terminal/live-line.js";

function liveLine(columns?: number) {
  const written: string[] = [];
  const terminal = { columns, write: (text: string) => written.push(text) };
  const clock = { now: 0 };
  return { line: new LiveLine(terminal, () => clock.now), terminal, clock, written };
}

describe("LiveLine", () => {
  it("is rewritten at most five times per second, without being cleared before, and only if it changes", () => {
    const { line, clock, written } = liveLine(80);
    for (const [now, text] of [
      [0, "a"],
      [199, "b"],
      [200, "c"],
      [400, "c"],
      [600, "d"],
    ] as const) {
      clock.now = now;
      line.show(() => text);
    }
    expect(written).toEqual(["\ra\x1b[K", "\rc\x1b[K", "\rd\x1b[K"]);
    line.clear();
    line.clear();
    expect(written.slice(3)).toEqual(["\r\x1b[K"]);
  });

  it("is shown again at once after other lines", () => {
    const { line, written } = liveLine(80);
    line.show(() => "a");
    line.clear();
    line.show(() => "a");
    expect(written).toEqual(["\ra\x1b[K", "\r\x1b[K", "\ra\x1b[K"]);
  });

  it("leaves columns for the cursor and for what the terminal shows of Ctrl-C; 80 are assumed", () => {
    const widths: number[] = [];
    for (const columns of [undefined, 40, 2]) {
      liveLine(columns).line.show((width) => {
        widths.push(width);
        return "";
      });
    }
    expect(widths).toEqual([77, 37, 0]);
  });

  it("removes every row that it takes in a terminal that was made narrower", () => {
    const { line, terminal, clock, written } = liveLine(80);
    line.show(() => `\x1b[1m${"a".repeat(70)}\x1b[22m`);
    terminal.columns = 30;
    clock.now = 200;
    line.show(() => "b");
    expect(written.at(-1)).toBe("\r\x1b[2A\x1b[Jb\x1b[K");
    terminal.columns = 80;
    line.clear();
    expect(written.at(-1)).toBe("\r\x1b[K");
  });
});
