import { describe, expect, it } from "vitest";
import { blockBoards } from "../src/block-boards.js";
import { HOSTILE, unclosed } from "./markup.js";

/** The blocks of an image: their numbers, and the top left corners of their squares in units of a square. */
function blocksOf(svg: string) {
  return [...svg.matchAll(/<g transform="translate\(([\d.]+) ([\d.]+)\)">(.*)<\/g>/g)].map(([, , , board]) =>
    [...board.matchAll(/<rect x="(\d+)" y="(\d+)"[^>]*\/><text[^>]*>(\d+)<\/text>/g)].map(([, x, y, block]) => [
      Number(block),
      (Number(x) - 1) / 28,
      (Number(y) - 1) / 28,
    ]),
  );
}

describe("an image of boards", () => {
  const frames = [
    { board: [[1, 2], [], [3]], caption: "start" },
    { board: [[1], [2], [3]], caption: "1>2" },
    { board: [[1], [], [3, 2]] },
  ];

  it("has each block in its square, the first of a column at the bottom", () => {
    expect(blocksOf(blockBoards(frames, { title: "boards" }))).toEqual([
      [
        [1, 0, 2],
        [2, 0, 1],
        [3, 2, 2],
      ],
      [
        [1, 0, 2],
        [2, 1, 2],
        [3, 2, 2],
      ],
      [
        [1, 0, 2],
        [3, 2, 2],
        [2, 2, 1],
      ],
    ]);
  });

  it("is as large as its lines of boards need", () => {
    const size = (svg: string) => /width="(\d+)" height="(\d+)"/.exec(svg)?.slice(1).map(Number);
    const one = size(blockBoards(frames.slice(0, 1), { title: "one" })) as number[];
    expect(size(blockBoards(frames, { title: "all" }))).toEqual([3 * one[0], one[1]]);
    expect(size(blockBoards(frames, { title: "lines", perLine: 2 }))).toEqual([2 * one[0], 2 * one[1]]);
    expect(size(blockBoards(frames, { title: "high", rows: 4 }))).toEqual([3 * one[0], one[1] + 28]);
  });

  it("says what it shows, and is well-formed whatever the texts are", () => {
    const svg = blockBoards([{ board: [[7]], caption: HOSTILE }], { title: HOSTILE });
    expect(unclosed(svg)).toEqual([]);
    expect(svg).not.toContain("<script");
    expect(svg).toContain('aria-label="&lt;/pre&gt;');
    expect(blocksOf(svg)).toEqual([[[7, 0, 0]]]);
  });
});
