/**
 * Kills a training process with SIGKILL at random moments, resumes it each time, and compares the result to an
 * uninterrupted run: `node tools/bench/kill.mjs [--kills N] [--seed N] [flags of dnc train]`. Prints one JSON line per
 * kill, then a summary line; status 1 if anything differs.
 *
 * Default: the default network, a report every 100 iterations and a checkpoint every 50.
 */
import { parseArgs } from "node:util";
import { setUp } from "../setup.mjs";
import { inFolder } from "../testing/in-folder.mjs";
import { killedRun } from "./killed-run.mjs";
import { commit, machineFacts } from "./machine.mjs";

const { values, positionals, tokens } = parseArgs({
  strict: false,
  tokens: true,
  options: { kills: { type: "string", default: "50" }, seed: { type: "string", default: "1" } },
});
const own = ["kills", "seed"];
const given = tokens
  .filter(({ kind, name }) => kind === "option" && !own.includes(name))
  .map(({ rawName, value }) => (value === undefined ? rawName : `${rawName}=${value}`));
const flags = ["--seed=3", "--checkpoint_interval=50", ...given, ...positionals];

await setUp();
await inFolder("dnc-kill-", async (folder) => {
  const onKill = (kill) => console.log(JSON.stringify(kill));
  const options = { kills: Number(values.kills), seed: Number(values.seed), window: 1000, flags, folder, onKill };
  const { iterations, log, notices, different } = await killedRun(options);
  const saving = log.filter((kill) => kill.saving).length;
  const result = { kills: log.length, while_saving: saving, iterations, passed_over: notices.length, different };
  console.log(JSON.stringify({ ...result, flags, commit: commit(), machine: machineFacts() }));
  if (different.length > 0) throw new Error("the runs differ");
});
