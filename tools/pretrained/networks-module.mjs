/** The module that lists the networks of `@dnc/pretrained`, generated from their folders. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a network that pages and programs load. */
const FILES = ["state.json", "model.safetensors"];

/** Converts the keys of plain data to camel case. */
export function camelCased(value) {
  if (Array.isArray(value)) return value.map(camelCased);
  if (value === null || typeof value !== "object") return value;
  const camelCase = (key) => key.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [camelCase(key), camelCased(each)]));
}

/**
 * Reads every network's record and the name of its checkpoint.
 *
 * @param {string} networks - folder with one sub-folder per network.
 * @returns {{ name: string, checkpoint: string, record: Record<string, any> }[]} sorted by name.
 */
export function readNetworks(networks) {
  return readdirSync(networks)
    .sort()
    .map((name) => {
      const record = JSON.parse(readFileSync(join(networks, name, "record.json"), "utf8"));
      return { name, checkpoint: readFileSync(join(networks, name, "checkpoints/latest"), "utf8").trim(), record };
    });
}

/**
 * Writes the module in TypeScript, which biome has to format.
 *
 * @param {ReturnType<typeof readNetworks>} networks
 * @returns {string}
 */
export function networksModule(networks) {
  const facts = Object.fromEntries(networks.map(({ name, record }) => [name, camelCased(record)]));
  const urls = networks.map(({ name, checkpoint }) => {
    const url = (file) => `new URL("../networks/${name}/checkpoints/${checkpoint}/${file}", import.meta.url).href`;
    return `"${name}": () => ({\n${FILES.map((file) => `"${file}": ${url(file)},\n`).join("")}}),\n`;
  });
  const names = networks.map(({ name }) => JSON.stringify(name));
  return [
    "// Written by tools/pretrained.mjs from the records in networks/.",
    'import type { PretrainedFacts } from "./facts.js";\n',
    "/** Name of a trained network, which is that of its preset. */",
    `export type PretrainedName = ${names.join(" | ")};\n`,
    "/** For each network a function that returns the URLs of its files. */",
    `export const URLS: Readonly<Record<PretrainedName, () => Record<"state.json" | "model.safetensors", string>>> = {\n${urls.join("")}};\n`,
    "/** Facts about each network. */",
    `export const FACTS: Readonly<Record<PretrainedName, PretrainedFacts>> = ${JSON.stringify(facts, null, 2)};\n`,
  ].join("\n");
}
