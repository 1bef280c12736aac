import { describe, expect, it } from "vitest";
import { commandLines, nextCommands } from "../../src/terminal/next-commands.js";

const commandsOf = (options: Partial<Parameters<typeof nextCommands>[0]>) =>
  nextCommands({ program: "npm run dnc --", folder: "runs/a", isEarly: false, hasReport: true, ...options }).map(
    ([command]) => command,
  );

describe("the commands that come next", () => {
  it("can be pasted where the user stands", () => {
    expect(commandsOf({})).toEqual(["npm run dnc -- report runs/a", "npm run dnc -- eval runs/a"]);
    expect(commandsOf({ program: "dnc", folder: "my run's" })).toEqual([
      "dnc report 'my run'\\''s'",
      "dnc eval 'my run'\\''s'",
    ]);
    expect(commandsOf({ program: "dnc", folder: "-a" })[0]).toBe("dnc report ./-a");
  });

  it("resume a run that has iterations left, and measure only one that has a report", () => {
    expect(commandsOf({ isEarly: true })[2]).toBe("npm run dnc -- train --resume=runs/a");
    expect(commandsOf({ isEarly: true, hasReport: false })).toEqual(["npm run dnc -- train --resume=runs/a"]);
    expect(commandsOf({ isEarly: true, program: "dnc", folder: "a b" })[2]).toBe("dnc train '--resume=a b'");
  });

  it("have their purposes as comments where these fit", () => {
    const commands = [
      ["dnc report a", "a page"],
      ["dnc eval a", "accuracy"],
    ] as const;
    expect(commandLines(commands)).toEqual(["  dnc report a  # a page", "  dnc eval a    # accuracy"]);
    expect(commandLines(commands, 26)).toEqual(commandLines(commands));
    expect(commandLines(commands, 25)).toEqual(["  dnc report a", "  dnc eval a"]);
    expect(commandLines([])).toEqual([]);
  });
});
