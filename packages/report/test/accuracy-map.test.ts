import { expect, it } from "vitest";
import { accuracyMap } from "../src/accuracy-map.js";

const CELL = /<td class="([^"]*)"[^>]*>(\d+)(.*?)<\/td>/g;
const columns = { name: "length", sizes: [1, 2, 3, 4] } as const;

it("an accuracy map outlines the trained sizes", () => {
  const table = accuracyMap({
    columns: { ...columns, trained: [2, 3] },
    rows: { name: "repeats", sizes: [1, 2], trained: [1, 1] },
    exactMatch: [
      [1, 0.999, 0.001, 0],
      [0, 0.5, 0.51, 1],
    ],
    sequences: 10,
  });
  const cells = [...table.matchAll(CELL)];
  expect(cells.map(([, look, number, hidden]) => [look, number, hidden.includes("trained")])).toEqual([
    ["much", "100", false],
    ["much top bottom left", "99", true],
    ["little top bottom right", "1", true],
    ["little", "0", false],
    ["little", "0", false],
    ["little", "50", false],
    ["much", "51", false],
    ["much", "100", false],
  ]);
  expect(table).toContain("repeats \\ length");
});

it("an accuracy map of one row needs no sizes for it, and no outline", () => {
  const table = accuracyMap({ columns, exactMatch: [[1, 0.5, 0, 0]], sequences: 10 });
  expect([...table.matchAll(CELL)].map(([, look]) => look)).toEqual(["much", "little", "little", "little"]);
  expect(table).toContain('<th scope="row">exact match</th>');
});
