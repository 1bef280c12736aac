import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryPicture } from "../diagram/memory-picture.mjs";
import { root } from "../pnpm.mjs";

/**
 * Creates a trace: a pattern of two one-bit vectors, copied once by a network with three slots and two read heads; the
 * second sequence differs.
 */
function trace({ output }) {
  const steps = 7;
  const each = (values) => values.flatMap((value) => [value, 9]);
  const quantity = (shape, rows) => ({
    shape: [steps, 2, ...shape],
    data: rows.flatMap((row) => [...row, ...row.map(() => 1)]),
  });
  const slot = (index) => [0, 1, 2].map((each) => (each === index ? 1 : 0));
  return {
    quantities: {
      observations: quantity(
        [3],
        [
          [0, 1, 0],
          [1, 0, 0],
          [0, 0, 0],
          [0, 0, 1],
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
      ),
      target: quantity(
        [2],
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
          [1, 0],
          [0, 0],
          [0, 1],
        ],
      ),
      output: quantity(
        [2],
        output.map((value) => [value, 0]),
      ),
      mask: { shape: [steps, 2], data: each([0, 0, 0, 0, 1, 1, 1]) },
      writeWeights: quantity(
        [1, 3],
        [0, 1, 2, 0, 0, 0, 0].map((index) => slot(index).map((value) => value / 2)),
      ),
      readWeights: quantity(
        [2, 3],
        [0, 0, 0, 0, 1, 2, 0].map((index) => [...slot(index), 0, 0, 0]),
      ),
    },
  };
}

const RIGHT = [0, 0, 0, 0, 0.9, 0.2, 0.1];

describe("the picture of a memory", () => {
  const picture = memoryPicture(trace({ output: RIGHT }));
  const cells = (kind) =>
    [...new RegExp(`<g class="${kind}">(.*)</g>`).exec(picture)[1].matchAll(/<rect[^>]*>/g)].map(String);

  it("shows the writes and the mean of the read heads for the first sequence", () => {
    expect(cells("write")).toHaveLength(7);
    for (const cell of [...cells("write"), ...cells("read")]) expect(cell).toContain('fill-opacity="0.5"');
  });

  it("shows the output where it counts", () => {
    const [, output] = picture.split('<g class="data">').slice(1);
    expect(output.match(/fill-opacity="([\d.]+)"/g)).toEqual([
      'fill-opacity="0.9"',
      'fill-opacity="0.2"',
      'fill-opacity="0.1"',
    ]);
  });

  it("states the accuracy, and outlines wrong bits", () => {
    expect(picture).toContain("every bit right");
    expect(picture).not.toContain('class="wrong"');
    const wrong = memoryPicture(trace({ output: [0, 0, 0, 0, 0.9, 0.8, 0.1] }));
    expect(wrong).toContain("1 bit wrong");
    expect(wrong.match(/class="wrong"/g)).toHaveLength(1);
  });

  it("is an SVG file with a description, and so is the committed one, in which every bit is right", () => {
    expect(picture).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*aria-label="A pattern of 2 vectors .* 1 time in/,
    );
    const committed = readFileSync(join(root, "docs/guide/memory.svg"), "utf8");
    expect(committed).toMatch(/aria-label="A pattern of \d vectors is written to the memory/);
    expect(committed).toContain("every bit right");
  });
});
