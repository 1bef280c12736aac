import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dnc, LstmNetwork } from "@dnc/core";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { DamagedCheckpointError, UnreadableCheckpointError } from "../../src/index.js";
import { networkSettings } from "../../src/network/index.js";
import { saveCheckpoint } from "../../src/node/index.js";
import { type LoadNetworkOptions, loadNetwork } from "../../src/node/network.js";
import { outputsOf, SMALL, saved } from "../network/support.js";

const config = networkSettings(SMALL);
const networks = await Promise.all([1, 2, 3].map((seed) => saved({ ...SMALL, seed })));
let run: string;

beforeEach(async () => {
  run = mkdtempSync(join(tmpdir(), "dnc-network-"));
  for (const [index, { model }] of networks.entries()) {
    const state = { step: 100 * (index + 1), loss: [0.2, 0.1, 0.3][index] as number, config };
    await saveCheckpoint(join(run, "checkpoints"), { model, optimizer: [], state });
  }
});

afterEach(() => rmSync(run, { recursive: true, force: true }));

const checkpoint = (step: number) => join(run, "checkpoints", `step-00000${step}`);

/** Loads a network and finds the saved network with the same outputs, counted from 1. */
async function loaded(path: string, options?: LoadNetworkOptions): Promise<number> {
  const network = await loadNetwork(path, options);
  onTestFinished(() => network.dispose());
  return 1 + networks.findIndex(({ model }) => sameWeights(network, model));
}

function sameWeights(network: Dnc | LstmNetwork, model: (typeof networks)[number]["model"]): boolean {
  return network.variables.every(({ variable }, index) => {
    const values = variable.dataSync();
    return model[index]?.values.every((value, at) => value === values[at]);
  });
}

it("a run's newest network, its best, or that of a step", async () => {
  expect(await loaded(run)).toBe(3);
  expect(await loaded(run, { checkpoint: "best" })).toBe(2);
  expect(await loaded(run, { checkpoint: "100" })).toBe(1);
  expect(await loaded(checkpoint(200))).toBe(2);
  const network = await loadNetwork(run, { memorySize: 4 });
  expect(network.config).toMatchObject({ memorySize: 4, hiddenSize: 6 });
  expect(await outputsOf(network)).toHaveLength(4 * 2 * 2);
  network.dispose();
});

it("skips what is damaged and reports it", async () => {
  truncateSync(join(checkpoint(300), "model.safetensors"), 100);
  const reported: string[] = [];
  expect(await loaded(run, { onDamaged: ({ message }) => reported.push(message) })).toBe(2);
  expect(reported).toEqual([expect.stringMatching(/^step-00000300: model\.safetensors: /)]);
  await expect(loadNetwork(run, { checkpoint: "300" })).rejects.toThrow(DamagedCheckpointError);
  await expect(loadNetwork(checkpoint(300))).rejects.toThrow(DamagedCheckpointError);
});

it("needs no state of the optimizer", async () => {
  for (const step of [100, 300]) rmSync(join(checkpoint(step), "optimizer.safetensors"));
  expect(await loaded(run, { onDamaged: ({ message }) => expect.unreachable(message) })).toBe(3);
  expect(await loaded(checkpoint(100))).toBe(1);
});

it("reports the reason if there is no network", async () => {
  const none = (path: string) =>
    new UnreadableCheckpointError(
      `path: expected the folder of a run with an intact checkpoint, or of a checkpoint, got ${JSON.stringify(path)}`,
    );
  const empty = join(run, "empty");
  mkdirSync(empty);
  for (const path of [empty, join(run, "x")]) await expect(loadNetwork(path)).rejects.toThrow(none(path));
  await expect(loadNetwork(run, { checkpoint: "7" })).rejects.toThrow(
    /^selector: expected latest, best or an existing one/,
  );
});

it("uses the run's config.json if the checkpoint has no settings", async () => {
  const { model } = networks[0] as (typeof networks)[number];
  await saveCheckpoint(join(run, "checkpoints"), { model, optimizer: [], state: { step: 400 } });
  await expect(loadNetwork(run)).rejects.toThrow("state.json: config: expected an object of settings, got undefined");
  writeFileSync(join(run, "config.json"), JSON.stringify({ ...config, task: "copy" }));
  expect(await loaded(run)).toBe(1);
  expect(await loaded(checkpoint(400))).toBe(1);
  writeFileSync(join(run, "config.json"), JSON.stringify({ ...config, hidden_size: 7 }));
  await expect(loadNetwork(run)).rejects.toThrow("expected the tensors of the network in config.json, got ");
});
