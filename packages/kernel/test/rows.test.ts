import { Dnc } from "@dnc/core";
import { networkSizes } from "@dnc/core/engine";
import { describe, expect, it } from "vitest";
import { type Rows, readRows, writePaddedRows, writeRows } from "../src/rows.js";
import { FakeNetwork } from "./fake-host.js";

const { config } = new Dnc({ inputSize: 3, outputSize: 2, memorySize: 4, wordSize: 3, seed: 1 });

/** A network whose logits count up. */
function counting(): FakeNetwork {
  const network = new FakeNetwork(networkSizes(config));
  const array = network.array("logits");
  for (let i = 0; i < array.length; i++) array[i] = i;
  return network;
}

const cases: readonly Omit<Rows, "field">[] = [
  { at: 0, stride: 5, count: 4, width: 5 },
  { at: 2, stride: 5, count: 4, width: 3 },
  { at: 7, stride: 64, count: 300, width: 9 }, // in several blocks
  { at: 0, stride: 9000, count: 2, width: 4 }, // each longer than a block
  { at: 19_999, stride: 8, count: 1, width: 1 }, // the last number of the array
  { at: 3, stride: 8, count: 5, width: 0 },
];

describe("rows with padding", () => {
  it.each(cases)("are read as rows without: %j", (rows) => {
    const expected = Array.from({ length: rows.count * rows.width }, (_, index) => {
      const [row, column] = [Math.floor(index / rows.width), index % rows.width];
      return rows.at + row * rows.stride + column;
    });
    expect(Array.from(readRows(counting(), { field: "logits", ...rows }))).toEqual(expected);
  });

  it.each(cases)("are written without changing what is between them: %j", (rows) => {
    const network = counting();
    const before = Array.from(network.array("logits"));
    const values = Float32Array.from({ length: rows.count * rows.width }, (_, index) => -1 - index);
    writeRows(network, { field: "logits", ...rows }, values);
    expect(readRows(network, { field: "logits", ...rows })).toEqual(values);
    const changed = Array.from(network.array("logits")).filter((value, index) => value !== before[index]);
    expect(changed).toEqual(Array.from(values));
  });

  it("are written with zeros for padding", () => {
    const network = counting();
    const values = Float32Array.of(1, 2, 3, 4);
    writePaddedRows(network, { field: "logits", stride: 3, count: 2, width: 2 }, values);
    expect(Array.from(network.array("logits").subarray(0, 7))).toEqual([1, 2, 0, 3, 4, 0, 6]);
  });
});
