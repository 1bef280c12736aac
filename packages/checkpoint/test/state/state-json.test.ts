import fc from "fast-check";
import { expect, it } from "vitest";
import { DamagedCheckpointError, UnreadableCheckpointError } from "../../src/index.js";
import { parseState, serializeState } from "../../src/state/state-json.js";

const HASHES = { "model.safetensors": "0".repeat(64), "optimizer.safetensors": "1".repeat(64) };
const bytesOf = (text: string) => new TextEncoder().encode(text);

it("reports an invisible byte-order mark", async () => {
  const text = await serializeState({ step: 1 }, HASHES);
  await expect(parseState(bytesOf(`\ufeff${text}`))).rejects.toThrow(
    new DamagedCheckpointError("state.json: expected UTF-8 without a byte-order mark, got that of UTF-8"),
  );
  for (const bytes of [Buffer.from(`\ufeff${text}`, "utf16le"), Buffer.from(`\ufeff${text}`, "utf16le").swap16()])
    await expect(parseState(bytes)).rejects.toThrow(
      new DamagedCheckpointError("state.json: expected UTF-8 without a byte-order mark, got that of UTF-16"),
    );
});

it("rejects any other JSON, in any layout, with an error of a checkpoint", async () => {
  const keys = fc.constantFrom("format", "version", "sha256", "step", "toString", "toJSON", "__proto__", "a");
  const document = fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()));
  const known = { format: "dnc-checkpoint", version: 1 };
  await fc.assert(
    fc.asyncProperty(document, fc.constantFrom(0, 2), async (value, indent) => {
      const merged = typeof value === "object" && !Array.isArray(value) ? { ...known, ...value } : value;
      for (const each of [value, merged])
        await expect(parseState(bytesOf(`${JSON.stringify(each, null, indent)}\n`))).rejects.toSatisfy(
          (error) => error instanceof DamagedCheckpointError || error instanceof UnreadableCheckpointError,
        );
    }),
    { seed: 1 },
  );
});

it("does not overflow the stack, however deep the nesting is", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  for (const text of [deep, `${deep}\n`, `{"step":${deep}}`, "[\n".repeat(100_000)])
    await expect(parseState(bytesOf(text))).rejects.toThrow(DamagedCheckpointError);
});
