/** Reads the files with TensorBoard's own readers: `DNC_PYTHON` names a Python that has it; default: `python3`. */
import { spawnSync } from "node:child_process";
import { statSync, truncateSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { image, preformatted, type SummaryValue, scalar, text } from "@dnc/report";
import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { EventFile } from "../../src/recording/event-file.js";
import { temporaryFolder } from "../support.js";

const PYTHON = process.env.DNC_PYTHON || "python3";
const SCRIPT = fileURLToPath(new URL("read-events.py", import.meta.url));
const NOW = 1_700_000_000;

const hasTensorBoard = spawnSync(PYTHON, ["-c", "import tensorboard"]).status === 0;

/** Output of read-events.py; numbers that JSON does not support are strings. */
interface Found {
  readonly scalars: Record<string, [step: number, value: number | string][]>;
  readonly images: Record<string, [step: number, width: number, height: number, bytes: number][]>;
  readonly server: Record<string, Record<string, [step: number, value: unknown, html?: string][]>>;
  readonly files: [step: number, time: number, kind: string][][];
}

describe.skipIf(!hasTensorBoard)(
  "TensorBoard (needs Python with tensorboard; pip install tensorboard, and DNC_PYTHON names that Python)",
  () => {
    it("reads scalars of all steps and values", async () => {
      const folder = temporaryFolder();
      const steps = [0, 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER];
      const values = [0, -0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      await write(folder, 0, steps, (step) => [
        scalar("train/loss", values[steps.indexOf(step)]),
        scalar("zähler", steps.indexOf(step)),
      ]);
      const found = read(folder);
      const loss = [0, Math.fround(-0.1), "nan", "inf", "-inf"].map((value, index) => [steps[index], value]);
      const counter = steps.map((step, index) => [step, index]);
      expect(found.scalars).toEqual({ "train/loss": loss, zähler: counter });
      expect(found.server).toEqual({ scalars: { "train/loss": loss, zähler: counter } });
      const kinds = [
        [0, NOW, "file_version"],
        [0, NOW, "session_log"],
      ];
      expect(found.files).toEqual([[...kinds, ...steps.map((step) => [step, NOW, "summary"])]]);
    });

    it("reads texts and shows them as Markdown", async () => {
      const folder = temporaryFolder();
      await write(folder, 0, [1, 2], (step) => [text("note", `**größer** ≥ 𝟙 ${step}`)]);
      expect(read(folder).server.text).toEqual({
        note: [
          [1, "**größer** ≥ 𝟙 1", "<p><strong>größer</strong> ≥ 𝟙 1</p>"],
          [2, "**größer** ≥ 𝟙 2", "<p><strong>größer</strong> ≥ 𝟙 2</p>"],
        ],
      });
    });

    it("shows preformatted text unchanged", async () => {
      const folder = temporaryFolder();
      const plain = "  +-- 1 --+\n# <b>*no*</b> &amp; _markup_\n\n```\n- [a](b)\n\n\n[c]: d\n<div>\n1. █ ▁ é";
      await write(folder, 0, [1], () => [text("sample", preformatted(plain))]);
      const html = plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      expect(read(folder).server.text.sample[0][2]?.trim()).toBe(`<pre><code>${html}\n</code></pre>`);
    });

    it("reads images", async () => {
      const folder = temporaryFolder();
      const [wide, high] = [imageOf(7, 3), imageOf(2, 300)];
      await write(folder, 0, [0, 5], () => [image("memory/wide", wide), image("memory/high", high)]);
      const found = read(folder);
      expect(found.images).toEqual({
        "memory/wide": [0, 5].map((step) => [step, 7, 3, wide.png.length]),
        "memory/high": [0, 5].map((step) => [step, 2, 300, high.png.length]),
      });
      expect(found.server.images).toEqual({
        "memory/wide": [0, 5].map((step) => [step, ["7", "3", wide.png.length]]),
        "memory/high": [0, 5].map((step) => [step, ["2", "300", high.png.length]]),
      });
    });

    it("shows each step of a resumed run once, with the last values", async () => {
      const folder = temporaryFolder();
      await write(folder, 0, [100, 200, 300, 400], valuesOf("first"));
      await write(folder, 200, [300, 400, 500], valuesOf("second"));
      expectOnce(read(folder), ["first", "first", "second", "second", "second"]);
    });

    it("shows a run that was resumed from a step without a report", async () => {
      const folder = temporaryFolder();
      await write(folder, 0, [100, 200, 300, 400], valuesOf("first"));
      await write(folder, 250, [300, 400, 500], valuesOf("second"));
      expectOnce(read(folder), ["first", "first", "second", "second", "second"]);
    });

    it("shows a run that was restarted", async () => {
      const folder = temporaryFolder();
      await write(folder, 0, [0, 100, 200], valuesOf("first"));
      await write(folder, 0, [100, 200], valuesOf("second"));
      expectOnce(read(folder), ["second", "second"]);
    });

    it("shows a run that was resumed twice from the same step, with a clock that was set back", async () => {
      const folder = temporaryFolder();
      await write(folder, 0, [100, 200, 300, 400, 500], valuesOf("first"));
      await write(folder, 200, [300, 400, 500], valuesOf("second"), NOW);
      await write(folder, 200, [300, 400, 500], valuesOf("third"), NOW - 1000);
      expectOnce(read(folder), ["first", "first", "third", "third", "third"]);
    });

    // Its length has 8 bytes, 12 with the checksum.
    it.each([1, 8, 11, 12, 100])("reads everything around %d bytes of a record", async (bytes) => {
      const folder = temporaryFolder();
      const path = await write(folder, 0, [100, 200, 300, 400], valuesOf("first"));
      const complete = await write(temporaryFolder(), 0, [100, 200, 300], valuesOf("first"));
      truncateSync(path, statSync(complete).size + bytes);
      expect(read(folder).files[0].map(([step]) => step)).toEqual([0, 0, 100, 200, 300]);
      await write(folder, 300, [400, 500], valuesOf("second"));
      expectOnce(read(folder), ["first", "first", "first", "second", "second"]);
    });
  },
);

/** Writes a file of events with the values that `valuesAt` gives for each step; returns its path. */
async function write(
  folder: string,
  step: number,
  steps: readonly number[],
  valuesAt: (step: number) => readonly SummaryValue[],
  time = NOW,
): Promise<string> {
  const file = await EventFile.create(folder, { step, now: () => time });
  for (const each of steps) await file.add(each, valuesAt(each));
  await file.close();
  return file.path;
}

/** Reads a folder with TensorBoard. */
function read(folder: string): Found {
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT, folder], { encoding: "utf8", maxBuffer: 2 ** 28 });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

const SCALARS = { first: 1, second: 2, third: 3 };

/** Creates a scalar, a text and an image that identify their run. */
function valuesOf(run: keyof typeof SCALARS): (step: number) => readonly SummaryValue[] {
  return () => [scalar("loss", SCALARS[run]), text("sample", run), image("memory", imageOf(SCALARS[run], 1))];
}

/** Expects the values of steps 100, 200, 300, ... to be of these runs. */
function expectOnce(found: Found, runs: readonly (keyof typeof SCALARS)[]): void {
  const steps = runs.map((run, index) => ({ step: 100 * (index + 1), run }));
  const loss = steps.map(({ step, run }) => [step, SCALARS[run]]);
  expect(found.scalars.loss).toEqual(loss);
  expect(found.server.scalars.loss).toEqual(loss);
  expect(found.server.text.sample).toEqual(steps.map(({ step, run }) => [step, run, `<p>${run}</p>`]));
  expect(found.images.memory.map(([step, width]) => [step, width])).toEqual(loss);
}

function imageOf(width: number, height: number) {
  return { png: encode({ width, height, data: new Uint8Array(3 * width * height), channels: 3 }), width, height };
}
