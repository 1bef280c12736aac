import { UsageError } from "@dnc/settings";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";

describe("a command on a run", () => {
  it("takes the run's folder and has its flags with their defaults", () => {
    const sequences = {
      checkpoint: "latest",
      memorySize: undefined,
      task: undefined,
      babiDir: undefined,
      seed: 0,
      backend: "auto",
      engine: "auto",
    };
    const bounds = { maxLength: undefined, maxRepeats: undefined, threads: undefined };
    expect(readCommandLine(["eval", "runs/a"])).toStrictEqual({
      command: "eval",
      options: {
        run: "runs/a",
        pretrained: undefined,
        ...sequences,
        ...bounds,
        minLength: undefined,
        minRepeats: undefined,
        sequences: 1000,
        batchSize: 64,
        json: false,
      },
    });
    expect(readCommandLine(["trace", "runs/a"])).toStrictEqual({
      command: "trace",
      options: {
        run: "runs/a",
        pretrained: undefined,
        ...sequences,
        length: undefined,
        repeats: undefined,
        out: undefined,
      },
    });
    expect(readCommandLine(["report", "runs/a"])).toStrictEqual({
      command: "report",
      options: {
        run: "runs/a",
        pretrained: undefined,
        ...sequences,
        ...bounds,
        sequences: 64,
        out: undefined,
        moreRuns: [],
        commandLine: "dnc report runs/a",
        csv: false,
        svg: undefined,
      },
    });
  });

  it.each(["eval", "grade", "trace", "report"])(
    "is %s of a pretrained network with --pretrained instead",
    (command) => {
      for (const words of [["--pretrained=copy"], ["--pretrained", "copy"]]) {
        const request = readCommandLine([command, ...words]);
        expect(request).toMatchObject({ command, options: { pretrained: "copy" } });
        expect((request as { options: object }).options).not.toHaveProperty("run");
      }
    },
  );

  it("is repeated as one line with the pretrained network", () => {
    expect(readCommandLine(["report", "--seed=3", "--pretrained", "copy"])).toMatchObject({
      options: { commandLine: "dnc report --pretrained=copy --seed=3" },
    });
  });

  it("is repeated as one line in which no folder is taken for a flag", () => {
    expect(readCommandLine(["report", "--seed=3", "--", "-run"])).toMatchObject({
      options: { run: "-run", commandLine: "dnc report ./-run --seed=3" },
    });
  });

  it("takes several runs for report", () => {
    expect(readCommandLine(["report", "a", "--out=p.html", "b", "c"])).toMatchObject({
      options: { run: "a", moreRuns: ["b", "c"], commandLine: "dnc report a b c --out=p.html" },
    });
  });

  it.each([
    ["eval", "--max-length", "20", { maxLength: 20 }],
    ["eval", "--memory_size", "64", { memorySize: 64 }],
    ["trace", "--out", "a_b/--c_d.json", { out: "a_b/--c_d.json" }],
    ["report", "--checkpoint", "best", { checkpoint: "best" }],
  ])("reads %s with %s %s before or after the run, with or without =", (command, flag, word, expected) => {
    for (const words of [
      ["run", flag, word],
      [flag, word, "run"],
      [`${flag}=${word}`, "run"],
    ]) {
      expect(readCommandLine([command, ...words])).toMatchObject({ command, options: { run: "run", ...expected } });
    }
  });

  it.each([
    [["eval"], "expected either the folder of a run or --pretrained after eval, got nothing"],
    [["eval", ""], "expected either the folder of a run or --pretrained after eval, got nothing"],
    [["trace", "--length=3"], "expected either the folder of a run or --pretrained after trace, got nothing"],
    [["grade"], "expected either the folder of a run or --pretrained after grade, got nothing"],
    [["report"], "expected either the folder of a run or --pretrained after report, got nothing"],
    [
      ["report", "a", "b", "--pretrained=copy"],
      "expected either the folder of a run or --pretrained after report, got both",
    ],
    [["trace", "a", "--pretrained=copy"], "expected either the folder of a run or --pretrained after trace, got both"],
    [["eval", "--pretrained", "copy", ""], "expected either the folder of a run or --pretrained after eval, got both"],
    [["grade", "--pretrained="], "--pretrained: expected the name of a network of @dnc/pretrained, got nothing"],
    [["trace", "--pretrained"], "--pretrained: expected the name of a network of @dnc/pretrained, got nothing"],
    [["trace", "--pretrained", "--seed=3"], "--pretrained: expected a value, got the flag --seed=3"],
    [["eval", "a", "b"], 'expected only flags after the run, got "b"'],
    [["report", "a", ""], "report: expected the folder of a run, got nothing"],
    [["eval", "a", "--sequences=0"], "--sequences: expected an integer of at least 1, got 0"],
    [["eval", "a", "--json=1"], '--json: expected no value, got "1"'],
    [["eval", "a", "--seed"], "--seed: expected an integer from 0 to 2147483647, got nothing"],
    [["eval", "http://x/y"], "eval: expected the folder of a run, got the URL http://x/y"],
    [["eval", "a", "--sequences", "--json"], "--sequences: expected a value, got the flag --json"],
    [["trace", "a", "--out=file:/x"], "--out: expected the name of a file, got the URL file:/x"],
    [["report", "a", "--out", "--seed=3"], "--out: expected a value, got the flag --seed=3"],
    [["report", "a", "--checkpoint", "--seed=3"], "--checkpoint: expected a value, got the flag --seed=3"],
    [["doctor", "--backend", "--json"], "--backend: expected a value, got the flag --json"],
    [["trace", "a", "--out="], "--out: expected the name of a file, got nothing"],
    [["trace", "a", "--lenght=3"], 'unknown flag "--lenght"; did you mean --length?'],
    [["trace", "a", "--learning_rate=3"], 'unknown flag "--learning_rate"; `dnc trace --help` lists them all'],
    [["eval", "a", "--config=a.json"], 'unknown flag "--config"; `dnc eval --help` lists them all'],
    [["report", "a", "-x"], 'expected a flag that begins with --, got "-x"'],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => readCommandLine(args)).toThrow(new UsageError(message));
  });
});
