import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  DamagedCheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  parseCheckpoint,
  SafetensorsError,
  UnreadableCheckpointError,
} from "../src/index.js";
import { type Files, sealed, tensor } from "./files.js";
import { damagedFile, hostileModel, hostileState, type Mutation, rehashedModel, reordered } from "./mutations.js";
import { seeded } from "./random.js";

const files = await sealed(
  encodeSafetensors([tensor("a", [2, 3], 1), tensor("b/é", []), tensor("c", [0, 4])]),
  encodeSafetensors([tensor("ms/a", [2, 3], 5)]),
  { loss: 0.5, random: { words: [1, 2] }, list: [] },
);
const opened = await parseCheckpoint(files);

/**
 * Allocations while a file is opened are measured in two ways. The constructors of buffers and typed arrays are
 * replaced by proxies that record the largest number of bytes requested, including requests that fail or are freed at
 * once. And the process's own counts of buffers and heap are compared before and after: they include arrays, strings
 * and parsed JSON, but are only a lower bound for single calls.
 */
let largest = 0;
const KINDS = ["ArrayBuffer", "Uint8Array", "Uint16Array", "Uint32Array", "Float32Array", "Float64Array"] as const;

beforeEach(() => {
  for (const kind of KINDS) {
    const watched: ProxyHandler<new (...args: unknown[]) => object> = {
      construct(target, args, newTarget) {
        const [first] = args;
        const each = "BYTES_PER_ELEMENT" in target ? Number(target.BYTES_PER_ELEMENT) : 1;
        const length = typeof first === "number" ? first : Array.isArray(first) ? first.length : 0;
        largest = Math.max(largest, each * length);
        return Reflect.construct(target, args, newTarget);
      },
    };
    vi.stubGlobal(kind, new Proxy(globalThis[kind] as never, watched));
  }
});

afterEach(() => vi.unstubAllGlobals());

const sizeOf = (given: Files) => Object.values(given).reduce((size, bytes) => size + bytes.length, 0);

/** Opens any checkpoint and checks that the cost is proportional to its size. */
async function outcome({ kind, files: given }: Mutation): Promise<"opened" | "refused"> {
  const size = sizeOf(given);
  largest = 0;
  const before = process.memoryUsage();
  const start = performance.now();
  const error: unknown = await parseCheckpoint(given).then(
    () => undefined,
    (reason) => reason,
  );
  const took = performance.now() - start;
  const after = process.memoryUsage();
  expect(took, kind).toBeLessThan(1000);
  expect(largest, kind).toBeLessThanOrEqual(size + 64);
  expect(after.arrayBuffers - before.arrayBuffers, kind).toBeLessThan(8 * size + 2 ** 20);
  expect(after.heapUsed - before.heapUsed, kind).toBeLessThan(64 * size + 2 ** 22);
  if (error === undefined) return "opened";
  if (!(error instanceof DamagedCheckpointError || error instanceof UnreadableCheckpointError)) throw error;
  expect(error.message, kind).toMatch(/^(state\.json|model\.safetensors|optimizer\.safetensors): [^\n]{10,400}$/);
  return "refused";
}

/** Counts the outcomes of mutations, by kind. */
async function outcomes(count: number, mutate: () => Mutation | Promise<Mutation>) {
  const ends = { opened: {} as Record<string, number>, refused: 0 };
  for (let index = 0; index < count; index++) {
    const mutation = await mutate();
    if ((await outcome(mutation)) === "refused") ends.refused++;
    else ends.opened[mutation.kind] = (ends.opened[mutation.kind] ?? 0) + 1;
  }
  return ends;
}

describe("10,000 changed checkpoints", () => {
  afterEach(() => {
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(12);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("are refused if a file was changed, truncated or extended: 3,500", async () => {
    const random = seeded(1);
    expect(await outcomes(3500, () => damagedFile(random, files))).toEqual({ opened: {}, refused: 3500 });
  });

  it("are refused if the model is malicious and the hashes are right: 3,000", async () => {
    const random = seeded(2);
    expect(await outcomes(3000, () => hostileModel(random))).toEqual({ opened: {}, refused: 3000 });
  });

  it("are refused if state.json is malicious and the hashes are right: 1,500", async () => {
    const random = seeded(3);
    expect(await outcomes(1500, () => hostileState(random, files))).toEqual({ opened: {}, refused: 1500 });
  });

  it("are refused or are other valid checkpoints if the model was damaged and hashed again: 1,800", async () => {
    const random = seeded(4);
    const { opened: other, refused } = await outcomes(1800, () => rehashedModel(random, files));
    expect(Object.keys(other)).toEqual(["flip, hashed again"]); // for example of a name or a value
    expect(refused).toBeGreaterThan(1500);
  });

  it("are the same if only the order in a header was changed: 200", async () => {
    const random = seeded(5);
    for (let index = 0; index < 200; index++) {
      const mutation = await reordered(random, files);
      expect(await outcome(mutation)).toBe("opened");
      const { model } = await parseCheckpoint(mutation.files);
      expect([...model].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(opened.model);
    }
  });
});

it("a hostile file on its own is a SafetensorsError", async () => {
  const random = seeded(6);
  for (let index = 0; index < 500; index++) {
    const { kind, files: given } = await hostileModel(random);
    expect(() => decodeSafetensors(given["model.safetensors"]), kind).toThrow(SafetensorsError);
  }
});

it("the check of allocations detects them", async () => {
  largest = 0;
  expect(new Float32Array(1000)).toBeInstanceOf(Float32Array);
  expect(largest).toBe(4000);
});
