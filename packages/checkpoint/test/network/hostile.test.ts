import * as fc from "fast-check";
import { beforeEach, expect, it, vi } from "vitest";
import { DamagedCheckpointError, UnreadableCheckpointError } from "../../src/index.js";
import { loadNetwork } from "../../src/network/index.js";
import { type Files, sealed, utf8 } from "../files.js";
import { damagedFile, hostileModel, type Mutation, rehashedModel } from "../mutations.js";
import { type Random, seeded } from "../random.js";
import { SMALL, saved } from "./support.js";

const { files } = await saved(SMALL);
const settings = JSON.parse(new TextDecoder().decode(files["state.json"])).config;

/** The largest number of bytes requested for a buffer or typed array. */
let largest = 0;

beforeEach(() => {
  for (const kind of ["ArrayBuffer", "Uint8Array", "Float32Array"] as const) {
    const watched: ProxyHandler<new (...args: unknown[]) => object> = {
      construct(target, args, newTarget) {
        const [first] = args;
        const each = "BYTES_PER_ELEMENT" in target ? Number(target.BYTES_PER_ELEMENT) : 1;
        if (typeof first === "number") largest = Math.max(largest, each * first);
        return Reflect.construct(target, args, newTarget);
      },
    };
    vi.stubGlobal(kind, new Proxy(globalThis[kind] as never, watched));
  }
  return () => vi.unstubAllGlobals();
});

/** Loads a network from any files: it opens or fails with an error of one line, at a cost proportional to the files. */
async function outcome(given: Readonly<Record<string, Uint8Array>>): Promise<"opened" | "refused"> {
  largest = 0;
  const start = performance.now();
  const found = await loadNetwork(given).catch((reason: unknown) => reason);
  expect(performance.now() - start).toBeLessThan(1000);
  const size = Object.values(given).reduce((sum, bytes) => sum + bytes.length, 0);
  expect(largest).toBeLessThanOrEqual(size + 64);
  if (found instanceof Error) {
    if (!(found instanceof DamagedCheckpointError || found instanceof UnreadableCheckpointError)) throw found;
    expect(found.message).toMatch(/^(state\.json|config\.json|model\.safetensors): [^\n]{10,900}$/);
    return "refused";
  }
  (found as { dispose(): void }).dispose();
  return "opened";
}

const MEANT = ["hidden_size", "word_size", "num_read_heads", "num_write_heads", "controller", "clip_value", "seed"];
const size = fc.oneof(
  fc.integer({ min: 1, max: 8 }),
  fc.constantFrom(1e9, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 52, 2 ** 53 - 1),
);
const anything = fc.oneof(
  size,
  fc.jsonValue(),
  fc.constantFrom("lstm", "deep-lstm", "gru", "feed-forward", "__proto__"),
);

it("for settings of any kind and size: the saved network opens, every other is refused", async () => {
  const other = fc.record(Object.fromEntries([...MEANT, "memory_size"].map((key) => [key, anything])), {
    requiredKeys: [],
  });
  await fc.assert(
    fc.asyncProperty(other, async (changes) => {
      const config = JSON.parse(JSON.stringify({ ...settings, ...changes }));
      const given = { "model.safetensors": files["model.safetensors"], "config.json": utf8(JSON.stringify(config)) };
      const isSame = ["hidden_size", "word_size", "num_read_heads", "num_write_heads", "controller"].every(
        (key) => config[key] === settings[key],
      );
      const end = await outcome(given);
      if (!isSame) expect(end).toBe("refused");
    }),
    { seed: 1, numRuns: 500 },
  );
});

it("a memory of any size is not allocated, because no tensor contains it", async () => {
  for (const memory_size of [1, 1e6, 2 ** 53 - 1]) {
    const given = await sealed(files["model.safetensors"], undefined, { config: { ...settings, memory_size } });
    expect(await outcome(given)).toBe("opened");
  }
});

it("any text as config.json is refused or gives the settings of a network", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      await outcome({ "model.safetensors": files["model.safetensors"], "config.json": utf8(text) });
    }),
    { seed: 2, numRuns: 500 },
  );
});

it.each([
  ["changed", damagedFile],
  ["changed and hashed again", rehashedModel],
  ["made to do harm", hostileModel],
] as [string, (random: Random, files: Files) => Mutation | Promise<Mutation>][])(
  "tensors that were %s are refused, or only have other values: 300",
  async (_, mutate) => {
    const random = seeded(8);
    for (let index = 0; index < 300; index++) {
      const mutation = await mutate(random, files);
      const model = mutation.files["model.safetensors"];
      const given = { "model.safetensors": model, "config.json": utf8(JSON.stringify(settings)) };
      const end = await outcome(given);
      if (mutate === hostileModel || mutation.kind === "truncation of model.safetensors")
        expect(end, mutation.kind).toBe("refused");
    }
  },
);
