import type { ConfigEntry } from "../config-table.js";
import type { ComparedRun } from "./comparison.js";

/** Runs that differ only in their seeds. */
export type RunGroup = {
  /** Settings that differ between groups, or "all runs" if there is only one group. */
  readonly label: string;
  /** The runs, at least one, in the order of their seeds. */
  readonly runs: readonly ComparedRun[];
  /** Values of the settings that differ between groups; undefined where a group lacks one. */
  readonly differences: readonly { readonly name: string; readonly value: unknown }[];
};

/** Longest label in characters; a longer one is cut, and the table of settings has the rest. */
const MAX_LABEL = 60;

/**
 * Groups runs whose settings are equal, in the order of their first runs.
 *
 * @returns at least one group, each labelled by the settings that differ between groups.
 */
export function groupRuns(runs: readonly ComparedRun[]): readonly RunGroup[] {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const settings = run.config.map(({ name, value }) => [name, value] as const);
    const key = JSON.stringify(settings.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  const all = [...groups.values()];
  const different = differentSettings(all.map(([{ config }]) => config));
  return all.map((group, index) => {
    const differences = different.map((name) => ({ name, value: settingOf(group[0].config, name) }));
    return { label: labelOf(differences, index), runs: group.toSorted((a, b) => a.seed - b.seed), differences };
  });
}

/** Lists the settings that all groups have with the same value. */
export function sharedSettings(groups: readonly RunGroup[]): readonly ConfigEntry[] {
  const names = new Set(groups[0].differences.map(({ name }) => name));
  return groups[0].runs[0].config.filter(({ name }) => !names.has(name));
}

/** Formats a value of a setting: on or off for a switch, JSON for objects. */
export function formatSetting(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === undefined) return "\u2013";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Lists the names of settings that have more than one value, in their order. */
function differentSettings(configs: readonly (readonly ConfigEntry[])[]): readonly string[] {
  const names = new Set(configs.flatMap((config) => config.map(({ name }) => name)));
  return [...names].filter(
    (name) => new Set(configs.map((config) => JSON.stringify(settingOf(config, name)))).size > 1,
  );
}

function settingOf(config: readonly ConfigEntry[], name: string): unknown {
  return config.find((entry) => entry.name === name)?.value;
}

function labelOf(differences: RunGroup["differences"], index: number): string {
  if (differences.length === 0) return "all runs";
  const text = differences
    .filter(({ value }) => value !== undefined)
    .map(({ name, value }) => `${name} ${formatSetting(value)}`)
    .join(", ");
  if (text.length <= MAX_LABEL) return text || `group ${index + 1}`;
  return `group ${index + 1}: ${text.slice(0, MAX_LABEL - 14)}...`;
}
