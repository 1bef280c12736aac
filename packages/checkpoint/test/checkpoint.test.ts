import { afterEach, describe, expect, it, vi } from "vitest";
import { DamagedCheckpointError, encodeSafetensors, parseCheckpoint, UnreadableCheckpointError } from "../src/index.js";
import { sha256 } from "../src/state/sha256.js";
import { entry, type Files, rawFile, sealed, tensor, text, utf8 } from "./files.js";

const model = encodeSafetensors([tensor("a", [2, 3], 1), tensor("b", [])]);
const optimizer = encodeSafetensors([tensor("ms/a", [2, 3], 5)]);
const state = {
  step: 7,
  loss: 0.25,
  random: { words: [1, -2] },
  notes: ["é\u2028", "", null, true],
  empty: {},
  none: [],
};
const intact = await sealed(model, optimizer, state);

/** Changes state.json of the checkpoint and recomputes the hashes, like an attacker. */
async function rehashed(change: (document: Record<string, unknown>) => unknown): Promise<Files> {
  const document = JSON.parse(text(intact["state.json"]));
  const { "state.json": _, ...hashes } = document.sha256;
  const changed = (change({ ...document, sha256: hashes }) ?? {}) as Record<string, unknown>;
  const own = await sha256(utf8(`${JSON.stringify(changed, null, 2)}\n`));
  const ended = { ...changed, ...(changed.sha256 ? { sha256: { ...changed.sha256, "state.json": own } } : {}) };
  return { ...intact, "state.json": utf8(`${JSON.stringify(ended, null, 2)}\n`) };
}

const withState = (json: string | Uint8Array): Files => ({
  ...intact,
  "state.json": typeof json === "string" ? utf8(json) : json,
});

afterEach(() => vi.unstubAllGlobals());

describe("parseCheckpoint", () => {
  it("returns what was saved", async () => {
    expect(await parseCheckpoint(intact)).toEqual({
      step: 7,
      state,
      model: [tensor("a", [2, 3], 1), tensor("b", [])],
      optimizer: [tensor("ms/a", [2, 3], 5)],
    });
  });

  it("opens a model without its optimizer", async () => {
    const { "optimizer.safetensors": _, ...files } = intact;
    expect(await parseCheckpoint(files)).toMatchObject({ step: 7, optimizer: [] });
  });

  it("writes a state.json that ends with its hash and those of the files", async () => {
    const json = text(intact["state.json"]);
    const [own] = json.match(/,\n {4}"state\.json": "[0-9a-f]{64}"/) as RegExpMatchArray;
    expect(own).toContain(await sha256(utf8(json.replace(own, ""))));
    expect(json).toMatch(/^\{\n {2}"format": "dnc-checkpoint",\n {2}"version": 1,\n {2}"step": 7,\n/);
    expect(json.endsWith(`"\n  }\n}\n`)).toBe(true);
    expect(Object.keys(JSON.parse(json)).at(-1)).toBe("sha256");
    expect(JSON.parse(json).sha256).toMatchObject({ "model.safetensors": await sha256(model) });
  });

  it("computes SHA-256", async () => {
    expect(await sha256(utf8("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it.each([
    ["state.json: not there", { ...intact, "state.json": undefined }],
    ["model.safetensors: not there", { "state.json": intact["state.json"] }],
    ["model.safetensors: its SHA-256 is not the one in state.json", { ...intact, "model.safetensors": optimizer }],
    ["optimizer.safetensors: its SHA-256 is not the one in state.json", { ...intact, "optimizer.safetensors": model }],
    ["state.json: line 1 is not laid out as it was saved", withState("")],
    ["state.json: line 1 is not laid out as it was saved", withState("{}")],
    ["state.json: line 1 is not laid out as it was saved", withState("[".repeat(100_000))],
    ["state.json: line 2 is not laid out as it was saved", withState(`{\n   "a": 1\n}\n`)],
    ["state.json: line 2 is not laid out as it was saved", withState(`{\n  "a":1\n}\n`)],
    ["state.json: line 2 is not laid out as it was saved", withState(`{\n  "a": [1, 2]\n}\n`)],
    ["state.json: expected JSON, got something else", withState(`{\n  "a": x\n}\n`)],
    ["state.json: expected UTF-8, got other bytes", withState(Uint8Array.of(0x22, 0xff, 0x22, 0x0a))],
    ["state.json: its text is not what its contents are saved as", withState(`{\n  "a": 1,\n  "a": 1\n}\n`)],
    ["state.json: its text is not what its contents are saved as", withState(`{\n  "a": 1.0\n}\n`)],
    ["state.json: its text is not what its contents are saved as", withState(`{\n  "a": 1e999\n}\n`)],
    ["state.json: its text is not what its contents are saved as", withState(`{\n  "a": "\\u0061"\n}\n`)],
    ["state.json: expected an object, got an array", withState("[]\n")],
    ['state.json: the document: expected other keys than "__proto__"', withState(`{\n  "__proto__": {}\n}\n`)],
    [
      'state.json: the document.a[0]: expected other keys than "constructor"',
      withState(`{\n  "a": [\n    {\n      "constructor": 1\n    }\n  ]\n}\n`),
    ],
    ["state.json: sha256: expected three hashes, last in the file, got something else", withState("{}\n")],
  ] as [string, Files][])("reports: %s", async (message, files) => {
    await expect(parseCheckpoint(files)).rejects.toThrow(new DamagedCheckpointError(message));
  });

  it.each([
    ["sha256: expected three hashes, last in the file, got something else", { sha256: undefined }],
    ["sha256: expected three hashes, last in the file, got something else", { sha256: { a: "b" } }],
    ["sha256: expected three hashes, last in the file, got something else", { after: 1 }],
  ])("detects changes even if all hashes are recomputed: %s", async (message, change) => {
    const files = await rehashed((document) => ({ ...document, ...change }));
    await expect(parseCheckpoint(files)).rejects.toThrow(new DamagedCheckpointError(`state.json: ${message}`));
  });

  it.each([
    ["version 2 was written by a later release; this one reads version 1", { version: 2 }],
    ["version: expected 1, got 0", { version: 0 }],
    ['version: expected 1, got "1"', { version: "1" }],
    ['format: expected "dnc-checkpoint", got "other"', { format: "other" }],
    ["step: expected a non-negative integer, got -1", { step: -1 }],
    ["step: expected a non-negative integer, got 1.5", { step: 1.5 }],
    ["step: expected a non-negative integer, got 9007199254740992", { step: 2 ** 53 }],
    ["step: expected a non-negative integer, got undefined", { step: undefined }],
  ])("does not report a file with the right hash as damaged: %s", async (message, change) => {
    const files = await rehashed((document) => ({ ...document, ...change }));
    await expect(parseCheckpoint(files)).rejects.toThrow(new UnreadableCheckpointError(`state.json: ${message}`));
  });

  it("does not report a file that is too long as damaged", async () => {
    await expect(parseCheckpoint(withState(new Uint8Array(4194305)))).rejects.toThrow(
      new UnreadableCheckpointError("state.json: expected at most 4194304 bytes, got 4194305"),
    );
  });

  it.each([
    ["with its hash as it was", (json: string) => json.replace('"version": 1', '"version": 2')],
    ["in one line", (json: string) => JSON.stringify({ ...JSON.parse(json), version: 3 })],
    [
      "in another order",
      (json: string) => JSON.stringify({ a: { version: 1 }, ...JSON.parse(json), format: "x", version: 2 }),
    ],
    ["with tabs and CRLF", (json: string) => json.replace('"version": 1', '"version"\t:\r\n12').replaceAll("  ", "\t")],
    ["cut short", (json: string) => json.replace('"version": 1', '"version": 2').slice(0, 100)],
  ])("recognizes a later release's state.json %s", async (_, change) => {
    const error = await parseCheckpoint(withState(change(text(intact["state.json"])))).catch((reason) => reason);
    expect(error).toBeInstanceOf(UnreadableCheckpointError);
    expect(error.message).toMatch(
      /^state\.json: version \d+ was written by a later release; this one reads version 1$/,
    );
  });

  it.each([
    ["further in", '{"a": {"version": 2}}'],
    ["as a value", '{"a": "version", "b": 2}'],
    ["in a text", '{"a": "\\"version\\": 2"}'],
    ["as a longer key", '{"versions": 2}'],
  ])("does not treat version %s as a later one", async (_, json) => {
    await expect(parseCheckpoint(withState(json))).rejects.toBeInstanceOf(DamagedCheckpointError);
  });

  it("detects a change of every byte of state.json", async () => {
    for (let at = 0; at < intact["state.json"].length; at++) {
      const flipped = intact["state.json"].slice();
      flipped[at] = (flipped[at] as number) ^ 1;
      await expect(parseCheckpoint(withState(flipped)), `byte ${at}`).rejects.toBeInstanceOf(DamagedCheckpointError);
    }
  });

  it("reports the problem inside a file whose hash is right", async () => {
    const foreign = await sealed(rawFile(`{${entry("x", "[1]", "[0,2]", "F16")}}`, 2));
    const message = 'model.safetensors: tensor "x": expected F32, got F16';
    await expect(parseCheckpoint(foreign)).rejects.toThrow(new UnreadableCheckpointError(message));
    const broken = await sealed(model, rawFile(`{${entry("x", "[1]", "[0,2]")}}`, 2));
    const other = 'optimizer.safetensors: tensor "x": expected 4 bytes for F32 [1], got 2';
    await expect(parseCheckpoint(broken)).rejects.toThrow(new UnreadableCheckpointError(other));
  });

  it("reports that there is no WebCrypto", async () => {
    vi.stubGlobal("crypto", {});
    const message = "SHA-256: expected crypto.subtle, which browsers give only to pages from https or localhost";
    await expect(parseCheckpoint(intact)).rejects.toThrow(new Error(message));
  });

  it("refuses files that are not bytes", async () => {
    const files = { ...intact, "model.safetensors": "bytes" as never };
    const message = 'model.safetensors: expected a Uint8Array, got "bytes"';
    await expect(parseCheckpoint(files)).rejects.toThrow(new TypeError(message));
  });
});
