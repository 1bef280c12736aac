import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadNetwork } from "@dnc/checkpoint/network";
import { loadNetwork as loadFromFolder } from "@dnc/checkpoint/node/network";
import { describe, expect, it } from "vitest";
import { PRETRAINED } from "../src/index.js";
import { pretrainedFolder, readPretrained } from "../src/node/index.js";

const FOLDER = fileURLToPath(new URL("../networks/", import.meta.url));
const FILES = ["config.json", "checkpoints/latest", "record.json"];

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe("the package", () => {
  it("lists the networks of its folder, sorted", () => {
    expect(PRETRAINED.map(({ name }) => name)).toEqual(readdirSync(FOLDER).sort());
  });

  it("has networks of at least five tasks", () => {
    expect(new Set(PRETRAINED.map(({ task }) => task)).size).toBeGreaterThanOrEqual(5);
  });

  it("names no folder of the machine that trained them", () => {
    const texts = filesBelow(FOLDER).filter((file) => !file.endsWith(".safetensors"));
    for (const file of texts) expect(readFileSync(file, "utf8"), file).not.toMatch(/"(\/|[A-Z]:\\)/);
  });
});

describe.each(PRETRAINED)("$name", ({ name, ...facts }) => {
  const folder = pretrainedFolder(name);
  const checkpoint = `checkpoints/step-${String(facts.iterations).padStart(8, "0")}`;

  it("has these files, of at most a megabyte", () => {
    const files = [...FILES, `${checkpoint}/model.safetensors`, `${checkpoint}/state.json`];
    expect(filesBelow(folder).sort()).toEqual(files.map((file) => join(folder, file)).sort());
    for (const file of files) expect(statSync(join(folder, file)).size, file).toBeLessThanOrEqual(1_000_000);
    expect(readFileSync(join(folder, "checkpoints/latest"), "utf8").trim()).toBe(checkpoint.split("/")[1]);
  });

  it("opens, intact, with finite weights, as many as its record says", async () => {
    const files = await readPretrained(name);
    expect(files["model.safetensors"]).toHaveLength(facts.bytes);
    const network = await loadNetwork(files);
    let count = 0;
    for (const { name: variable, variable: weights } of network.variables) {
      const values = weights.dataSync();
      expect(values.every(Number.isFinite), variable).toBe(true);
      expect(
        values.some((value) => value !== 0),
        variable,
      ).toBe(true);
      count += values.length;
    }
    network.dispose();
    expect(count).toBe(facts.parameters);
  });

  it("opens from its folder as the same network", async () => {
    const [network, same] = [await loadNetwork(await readPretrained(name)), await loadFromFolder(folder)];
    const weights = ({ variables }: typeof network) => variables.map(({ variable }) => variable.dataSync());
    expect(same.config).toEqual(network.config);
    expect(weights(same)).toEqual(weights(network));
    for (const each of [network, same]) each.dispose();
  });

  it("has the facts of its record", () => {
    const record = JSON.stringify(json(folder, "record.json"));
    const inCamelCase = record.replaceAll(/"(\w+)":/g, (key) =>
      key.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase()),
    );
    expect(facts).toEqual(JSON.parse(inCamelCase));
  });

  it("has a record that agrees with its files", () => {
    const { preset, task, seed } = json(folder, "config.json");
    expect(facts).toMatchObject({ preset, task, seed });
    const { step, engine, instruction_set: instructionSet, config } = json(folder, checkpoint, "state.json");
    expect(facts).toMatchObject({ iterations: step, engine, instructionSet });
    expect(config).toEqual(json(folder, "config.json"));
  });

  it("says how it was trained, and that it has passed", () => {
    const { command, commit, date, preset, seed, minutes, description, grade } = facts;
    expect(command).toBe(`dnc train --preset=${preset} --seed=${seed} --backend=cpu --threads=1`);
    expect(commit).toMatch(/^[0-9a-f]{10}$/);
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(minutes).toBeGreaterThan(0);
    expect(description).not.toBe("");
    expect(grade.length).toBeGreaterThan(0);
    for (const { on, value, standardError, sequences, atLeast, atMost } of grade) {
      expect(
        [atLeast, atMost].filter((bound) => bound !== undefined),
        on,
      ).toHaveLength(1);
      expect(value, on).toBeGreaterThanOrEqual(atLeast ?? Number.NEGATIVE_INFINITY);
      expect(value, on).toBeLessThanOrEqual(atMost ?? Number.POSITIVE_INFINITY);
      expect(standardError, on).toBeGreaterThanOrEqual(0);
      expect(sequences, on).toBeGreaterThanOrEqual(1000);
    }
  });
});
