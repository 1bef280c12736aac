import { expect, it } from "vitest";
import { killedRun } from "../bench/killed-run.mjs";
import { inFolder } from "../testing/in-folder.mjs";

const FLAGS = [
  "--seed=7",
  "--hidden_size=8",
  "--memory_size=4",
  "--word_size=4",
  "--num_read_heads=1",
  "--batch_size=2",
  "--num_bits=2",
  "--report_interval=50",
  "--checkpoint_interval=20",
  "--keep_checkpoints=3",
];

it("a run that is killed at 30 random moments and resumed each time is bit-identical to an uninterrupted one", async () => {
  await inFolder("dnc-killed-", async (folder) => {
    const { log, notices, different } = await killedRun({
      kills: 30,
      seed: 1,
      window: 800,
      flags: FLAGS,
      folder,
    });
    expect(different, different.join("\n")).toEqual([]);
    // No kill leaves a checkpoint damaged under its own name.
    expect(notices).toEqual([]);
    // The kills were effective: some hit saves, and the run made progress between them.
    expect(log.filter(({ saving }) => saving).length).toBeGreaterThan(0);
    expect(log.at(-1).step).toBeGreaterThan(log[0].step);
  });
});
