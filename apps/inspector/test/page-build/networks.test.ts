import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseCheckpoint } from "@dnc/checkpoint";
import { PRETRAINED } from "@dnc/pretrained";
import { readPretrained } from "@dnc/pretrained/node";
import { expect, it } from "vitest";

const ASSETS = fileURLToPath(new URL("../../dist/page/assets", import.meta.url));
/** Half of the last of ten bits of a mantissa. */
const ROUNDING = 2 ** -11;

/** The checkpoints of the page by preset: each state with the model that it is intact with. */
async function networksOfPage() {
  const names = readdirSync(ASSETS);
  const read = (name: string) => new Uint8Array(readFileSync(join(ASSETS, name)));
  const models = names.filter((name) => name.endsWith(".safetensors")).map(read);
  const found = new Map<string, Awaited<ReturnType<typeof parseCheckpoint>>>();
  for (const state of names.filter((name) => /^state-.*\.json$/.test(name)).map(read))
    for (const model of models) {
      const files = { "state.json": state, "model.safetensors": model };
      const checkpoint = await parseCheckpoint(files).catch(() => undefined);
      const { preset } = Object(checkpoint?.state.config) as { preset?: string };
      if (checkpoint !== undefined && preset !== undefined) found.set(preset, checkpoint);
    }
  return found;
}

it("the page has every published network, intact, with weights of ten bits in the mantissa", async () => {
  const networks = await networksOfPage();
  expect([...networks.keys()].sort()).toEqual(PRETRAINED.map(({ name }) => name).sort());
  for (const { name } of PRETRAINED) {
    const published = await parseCheckpoint(await readPretrained(name));
    const { model, state } = networks.get(name) as typeof published;
    expect({ ...state, sha256: 0 }).toEqual({ ...published.state, sha256: 0 });
    expect(model.map((tensor) => tensor.name)).toEqual(published.model.map((tensor) => tensor.name));
    for (const [index, { name: variable, values }] of model.entries()) {
      const exact = published.model[index]?.values ?? [];
      const isNear = values.every((weight, at) => {
        const whole = exact[at] as number;
        return Math.abs(weight - whole) <= ROUNDING * Math.abs(whole);
      });
      const isShort = new Uint32Array(Float32Array.from(values).buffer).every((bits) => bits % 2 ** 13 === 0);
      expect({ variable, isNear, isShort }).toEqual({ variable, isNear: true, isShort: true });
    }
  }
});
