/** Jobs as processes of this machine. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LocalJobs } from "../../src/sweep/local-jobs.js";
import { temporaryFolder } from "../support.js";

/** Trains for ever; asked to end, it saves for a while. */
const SCRIPT = `
process.on("SIGTERM", () => { setTimeout(() => { console.error("saved"); process.exit(0); }, 50); });
setInterval(() => {}, 1000);
console.error("began");
require("node:fs").writeFileSync(process.argv[2], "");
`;

describe("jobs on this machine", () => {
  it("save and end when the sweep that failed lets go of them, so that it ends too", async () => {
    const folder = temporaryFolder();
    const script = join(folder, "script.cjs");
    writeFileSync(script, SCRIPT);
    const jobs = new LocalJobs(script);
    const marks = ["a", "b"].map((id) => join(folder, id));
    for (const mark of marks) await jobs.start({ id: mark, words: [mark] });
    expect([...(await jobs.list()).values()].map(({ status }) => status)).toEqual(["active", "active"]);
    while (!marks.every((mark) => existsSync(mark))) await sleep(10);
    jobs.dispose();
    while ([...(await jobs.list()).values()].some(({ status }) => status === "active")) await sleep(10);
    for (const state of (await jobs.list()).values())
      expect(state).toEqual({ status: "succeeded", message: "began\nsaved" });
    jobs.dispose();
  });
});
