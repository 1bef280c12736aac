/**
 * Measures how smoothly the inspector's page shows a large trace, in Chromium:
 *
 *     node tools/bench/inspector.mjs
 *
 * Writes a trace of 256 slots of 64 numbers over 200 time steps, 100 MB, opens it in the page, and plays it at one time step per frame, several
 * rounds. From the browser's own trace it takes, per frame, the time that the main thread works, and that of scripts. While the trace is
 * opened it looks how long the main thread is busy at a time. Writes bench/results/inspector.
 */
import "../node-version.mjs";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { finished } from "node:stream/promises";
import { script } from "../flags.mjs";
import { CHROMIUM } from "../repository/browser.mjs";
import { framesOf } from "./inspector/frames.mjs";
import { inspectorReport } from "./inspector/report.mjs";
import { commit, machineFacts } from "./machine.mjs";

const FLAGS = {
  rounds: { kind: "integer", min: 1, default: 5, help: "times that the trace is played" },
  out: { kind: "text", default: "bench/results/inspector", help: "folder for README.md and raw.json" },
};

const [SLOTS, WORD_SIZE, STEPS, READ_HEADS] = [256, 64, 200, 4];
/** The quantities of the trace, as `dnc trace` writes them for one sequence, and their sizes per time step. */
const QUANTITIES = {
  ...{ observations: [10], target: [9], mask: [], output: [9], memory: [SLOTS, WORD_SIZE], usage: [SLOTS] },
  ...{
    link: [1, SLOTS, SLOTS],
    precedenceWeights: [1, SLOTS],
    writeWeights: [1, SLOTS],
    allocationWeights: [1, SLOTS],
  },
  ...{ writeContentWeights: [1, SLOTS], writeGate: [1], allocationGate: [1], writeStrengths: [1] },
  ...{ readWeights: [READ_HEADS, SLOTS], readContentWeights: [READ_HEADS, SLOTS], readMode: [READ_HEADS, 3] },
  ...{ forwardWeights: [READ_HEADS, 1, SLOTS], backwardWeights: [READ_HEADS, 1, SLOTS] },
  ...{ readStrengths: [READ_HEADS], freeGate: [READ_HEADS] },
};
/** Random numbers are in [0, 1], this many steps apart. */
const RANDOM_STEPS = 2 ** 20;
const CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline,toplevel";

process.exitCode = await script({ name: "inspector", call: "node tools/bench/inspector.mjs", flags: FLAGS }, main);

/** @param {{ rounds: number, out: string }} options @returns {Promise<number>} the exit status. */
async function main({ rounds, out }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const [{ chromium }, { serveInspector }] = await Promise.all([
    import("playwright-core"),
    import("../../apps/inspector/dist/index.js"),
  ]);
  const place = mkdtempSync(join(tmpdir(), "dnc-inspector-"));
  const file = join(place, "trace.json");
  await writeTrace(file);
  const server = await serveInspector({ open: { kind: "trace", path: file } });
  const browser = await chromium.launch({
    ...{ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] },
  });
  try {
    const paint = await measurePaint(browser, server.url, rounds);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const opening = await measureOpening(page, server.url);
    const played = [];
    for (let round = 0; round < rounds; round++) played.push(await measurePlaying(page));
    const result = {
      ...{ machine: machineFacts(), commit: commit(), date: new Date().toISOString().slice(0, 10), load: loadavg()[0] },
      ...{
        browser: `Chromium ${browser.version()}, headless, without a GPU`,
        bytes: statSync(file).size,
        paint,
        opening,
        rounds: played,
      },
    };
    mkdirSync(resolve(out), { recursive: true });
    writeFileSync(join(out, "raw.json"), `${JSON.stringify(result, undefined, 2)}\n`);
    writeFileSync(join(out, "README.md"), inspectorReport(result));
    console.log(inspectorReport(result));
  } finally {
    await browser.close();
    await server.close();
    rmSync(place, { recursive: true, force: true });
  }
  return 0;
}

/** Writes a trace of random numbers; heads write and read slot after slot. */
async function writeTrace(file) {
  const { createRandom } = await import("@dnc/tasks");
  const source = createRandom(1);
  const random = () => source.integer(0, RANDOM_STEPS - 1) / RANDOM_STEPS;
  const stream = createWriteStream(file);
  stream.write('{"format":"dnc-trace","version":1,"quantities":{');
  let isFirst = true;
  for (const [name, sizes] of Object.entries(QUANTITIES)) {
    const size = sizes.reduce((product, length) => product * length, 1);
    const shape = JSON.stringify([STEPS, 1, ...sizes]);
    stream.write(`${isFirst ? "" : ","}"${name}":{"dimensions":[],"shape":${shape},"data":[`);
    isFirst = false;
    for (let step = 0; step < STEPS; step++) {
      const values = Array.from({ length: size }, (_, index) => numberAt(name, step, index, random));
      if (!stream.write(`${step > 0 ? "," : ""}${values.join(",")}`))
        await new Promise((resolve) => stream.once("drain", resolve));
    }
    stream.write("]}");
  }
  stream.end("}}");
  await finished(stream);
}

function numberAt(name, step, index, random) {
  const slot = index % SLOTS;
  if (name === "writeWeights") return slot === step ? 0.95 : 0.0001;
  if (name === "readWeights") return slot === (step * (1 + Math.floor(index / SLOTS))) % SLOTS ? 0.9 : 0.0001;
  if (name === "observations" || name === "target") return Math.round(random());
  if (name === "mask") return step < STEPS / 2 ? 0 : 1;
  return Number(((name === "memory" ? 4 * random() - 2 : random() ** 3) || 0).toFixed(name === "link" ? 3 : 4));
}

/** Opens the page alone, each time in a new context without a cache: milliseconds to its first content. */
async function measurePaint(browser, url, rounds) {
  const { origin, pathname } = new URL(url);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${origin}${pathname}?network=repeat-copy-small`);
    await page.locator(".watch h1:not(:empty)").waitFor({ timeout: 60_000 });
    times.push(
      await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
    );
    await context.close();
  }
  return times.map(Math.round);
}

/** Opens the trace; meanwhile a timer of the page notices how long it waits for the main thread. */
async function measureOpening(page, url) {
  await page.addInitScript(() => {
    const gaps = [];
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      setTimeout(tick, 0);
    };
    tick();
    globalThis.gaps = gaps;
  });
  const began = performance.now();
  await page.goto(url);
  await page.locator(".watch h1:not(:empty)").waitFor({ timeout: 120_000 });
  await page.locator(".busy:empty").waitFor({ state: "attached", timeout: 120_000 });
  const milliseconds = performance.now() - began;
  const gaps = await page.evaluate(() => globalThis.gaps.sort((a, b) => b - a).slice(0, 5));
  return { milliseconds, longestGaps: gaps };
}

/** Plays the whole trace once, and reads the frames from the browser's trace. */
async function measurePlaying(page) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const ended = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await page.getByRole("button", { name: "First step" }).click();
  await page.getByRole("combobox", { name: "Steps" }).selectOption({ label: "60 a second" });
  await session.send("Tracing.start", { categories: CATEGORIES, transferMode: "ReportEvents" });
  const began = performance.now();
  await page.getByRole("button", { name: "Play" }).click();
  await page.locator(".step-name", { hasText: `step ${STEPS - 1} of` }).waitFor({ timeout: 120_000 });
  const milliseconds = performance.now() - began;
  await session.send("Tracing.end");
  await ended;
  await session.detach();
  return { milliseconds, ...framesOf(events) };
}
