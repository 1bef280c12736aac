/** Tests recall, key-value retrieval and sorting by solving their sequences from the inputs alone. */
import { describe, expect, it } from "vitest";
import { associativeRecall, createRandom, keyValue, prioritySort, type Task, twoWayKeyValue } from "../../src/index.js";
import { nestedBatch } from "../support.js";

/** The rows of each sequence of a batch, with inputs as bits, up to its end. */
function* sequencesOf(task: Task, seed: number) {
  const batch = task.sampleBatch(createRandom(seed));
  const { inputs, targets, mask } = nestedBatch(batch);
  for (let at = 0; at < batch.batchSize; at++)
    yield Array.from({ length: batch.lengths?.[at] as number }, (_, t) => ({
      input: inputs[t][at].map((value) => task.formatInput?.(value, 0) ?? value),
      raw: inputs[t][at],
      target: targets[t][at],
      counts: mask[t][at] === 1,
    }));
}

describe.each(["ntm", "csordas"] as const)("associative recall in the form %s", (form) => {
  it.each([false, true])("asks for the item after the query, scored everywhere: %s", (everywhere) => {
    const presentation = { signedInputs: everywhere, scoreInputs: everywhere };
    const task = associativeRecall({ numBits: 12, itemLength: 2, form, lengths: true, batchSize: 60, ...presentation });
    const [queries, lengths] = [new Set<number>(), new Set<number>()];
    for (const rows of sequencesOf(task, 3)) {
      const marks = rows.flatMap(({ input }, t) => (input[12] || input[13] ? [[t, input[12], input[13]]] : []));
      const bits = (from: number) => rows.slice(from, from + 2).map(({ input }) => input.slice(0, 12).join(""));
      const item = (from: number) => bits(from).join(" ");
      const starts =
        form === "ntm"
          ? marks.filter(([, mark]) => mark).map(([t]) => t + 1)
          : [0, ...marks.slice(0, -2).map(([t]) => t + 1)];
      const ends = marks.filter(([, , end]) => end).map(([t]) => t);
      expect(ends).toHaveLength(2);
      expect(ends[1]).toBe(rows.length - 3);
      const query = item(form === "ntm" ? ends[0] + 1 : ends[1] - 2);
      const items = starts.map(item);
      const index = items.indexOf(query);
      expect(index).toBeGreaterThanOrEqual(0);
      expect(
        rows
          .slice(-2)
          .map(({ target }) => target.join(""))
          .join(" "),
      ).toBe(items[index + 1]);
      for (const { input, counts, target } of rows.slice(0, -2)) {
        expect(counts).toBe(everywhere);
        expect(target).toEqual(new Array(12).fill(0));
        expect(new Set([0, 1, ...input]).size).toBe(2);
      }
      for (const { raw } of rows.slice(-2)) expect(raw).toEqual(new Array(14).fill(everywhere ? -1 : 0));
      queries.add(items.length - index);
      lengths.add(items.length);
      expect(rows).toHaveLength(3 * items.length + (form === "ntm" ? 6 : 5));
    }
    expect([...lengths].sort()).toEqual([2, 3, 4, 5, 6]);
    expect(queries.has(1)).toBe(false); // the last item has none after it
    expect(queries.size).toBeGreaterThan(3);
  });
});

const numberOf = (bits: readonly number[]) => bits.reduce((sum, bit, at) => sum + bit * 2 ** at, 0);

describe("key-value retrieval", () => {
  it("asks for the value of each key, in another order", () => {
    let reordered = 0;
    for (const rows of sequencesOf(keyValue({ keyBits: 5, valueBits: 3, lengths: true, batchSize: 50 }), 1)) {
      const items = (rows.length - 2) / 2;
      const field = ({ input }: { readonly input: readonly number[] }) => [
        numberOf(input.slice(0, 5)),
        numberOf(input.slice(5, 8)),
        input[8],
      ];
      const shown = rows.slice(0, items).map(field);
      const keys = shown.map(([key]) => key);
      expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
      for (const at of [items, rows.length - 1]) expect(field(rows[at])).toEqual([0, 0, 1]);
      const asked = rows.slice(items + 1, -1);
      for (const row of asked) {
        const [key, value, marker] = field(row);
        expect([value, marker, row.counts]).toEqual([0, 0, true]);
        expect(numberOf(row.target)).toBe(shown.find(([other]) => other === key)?.[1]);
      }
      const order = asked.map((row) => field(row)[0]);
      expect([...order].sort((a, b) => a - b)).toEqual(keys);
      if (String(order) !== String(keys)) reordered++;
      expect(rows.filter(({ counts }) => counts)).toEqual(asked);
    }
    expect(reordered).toBeGreaterThan(30);
  });

  it.each([true, false])("both ways asks for values, then for keys, values distinct: %s", (distinctValues) => {
    let equal = 0;
    const task = twoWayKeyValue({ numBits: 4, distinctValues, lengths: true, batchSize: 50 });
    for (const rows of sequencesOf(task, 2)) {
      const items = rows.length / 3 - 1;
      const field = ({ input }: { readonly input: readonly number[] }) => [
        numberOf(input.slice(0, 4)),
        numberOf(input.slice(4, 8)),
        ...input.slice(8),
      ];
      const shown = rows.slice(0, items).map(field);
      const pairs = shown.map(([key, value]) => `${key} ${value}`);
      expect([items, 2 * items + 1, 3 * items + 2].map((at) => field(rows[at]).slice(2))).toEqual([
        [1, 0],
        [0, 1],
        [1, 1],
      ]);
      const ask = (from: number) => rows.slice(from, from + items);
      const [byKey, byValue] = [ask(items + 1), ask(2 * items + 2)];
      expect(byKey.map((row) => `${field(row)[0]} ${numberOf(row.target)}`).sort()).toEqual([...pairs].sort());
      expect(byValue.map((row) => `${numberOf(row.target)} ${field(row)[0]}`).sort()).toEqual([...pairs].sort());
      expect(rows.filter(({ counts }) => counts)).toEqual([...byKey, ...byValue]);
      if (new Set(shown.map(([, value]) => value)).size < items) equal++;
    }
    expect(equal > 10).toBe(!distinctValues);
  });
});

describe("priority sort", () => {
  it("asks for the vectors of the highest priorities, the highest first", () => {
    const task = prioritySort({ numBits: 10, numInputs: 9, numTargets: 6, lengths: true, batchSize: 50 });
    const seen: number[] = [];
    for (const rows of sequencesOf(task, 5)) {
      const shown = rows.slice(0, 9).map(({ raw }) => ({ bits: raw.slice(0, 10), priority: raw[10] }));
      seen.push(...shown.map(({ priority }) => priority));
      expect(rows[9].raw).toEqual([...new Array(11).fill(0), 1]);
      const sorted = [...shown].sort((a, b) => b.priority - a.priority).slice(0, 6);
      expect(rows.slice(10).map(({ target }) => target)).toEqual(sorted.map(({ bits }) => bits));
      expect(new Set(shown.map(({ priority }) => priority)).size).toBe(9);
    }
    expect(Math.min(...seen)).toBeLessThan(-0.9);
    expect(Math.max(...seen)).toBeGreaterThan(0.9);
    expect(seen.reduce((a, b) => a + b) / seen.length).toBeAllClose(0, { absolute: 0.1 });
  });
});
