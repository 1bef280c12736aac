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
  const entries = all.map(([{ config }]) =>
    different.map((name) => entryOf(config, name) ?? { name, value: undefined }),
  );
  const labels = labelsOf(entries);
  return all.map((group, index) => ({
    label: labels[index],
    runs: group.toSorted((a, b) => a.seed - b.seed),
    differences: entries[index].map(({ name, value }) => ({ name, value })),
  }));
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
    (name) => new Set(configs.map((config) => JSON.stringify(entryOf(config, name)?.value))).size > 1,
  );
}

function entryOf(config: readonly ConfigEntry[], name: string): ConfigEntry | undefined {
  return config.find((entry) => entry.name === name);
}

/**
 * Labels each group by its values of the settings that differ. If that is too long, settings that only some groups have and
 * that have one value there are left out, such as the size of a memory beside a network without one; then also defaults.
 */
function labelsOf(groups: readonly (readonly ConfigEntry[])[]): readonly string[] {
  if (groups[0].length === 0) return groups.map(() => "all runs");
  const known = groups.map((entries) => entries.filter(({ value }) => value !== undefined));
  const values = new Map<string, Set<string>>();
  for (const { name, value } of known.flat())
    values.set(name, (values.get(name) ?? new Set()).add(JSON.stringify(value)));
  const several = known.map((entries) => entries.filter(({ name }) => (values.get(name)?.size ?? 0) > 1));
  const [allChanged, changed] = [known, several].map((each) =>
    each.map((entries) => textOf(entries.filter(({ isDefault }) => !isDefault))),
  );
  const fits = (texts: readonly string[]) =>
    areDistinct(texts) && texts.every(({ length }) => length > 0 && length <= MAX_LABEL);
  const texts = [known.map(textOf), several.map(textOf)].find(fits) ?? (areDistinct(changed) ? changed : allChanged);
  return texts.map((text, index) => {
    const isOne = text !== "" && texts.indexOf(text) === texts.lastIndexOf(text);
    if (isOne && text.length <= MAX_LABEL) return text;
    const short = text.length > MAX_LABEL - 14 ? `${text.slice(0, MAX_LABEL - 14)}...` : text;
    return `group ${index + 1}: ${short || "the defaults"}`;
  });
}

function textOf(entries: readonly ConfigEntry[]): string {
  return entries.map(({ name, value }) => `${name} ${formatSetting(value)}`).join(", ");
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
