import type { Preset } from "@dnc/settings";

/** A preset that can be chosen. */
export interface OfferedPreset extends Pick<Preset, "description" | "minutes" | "settings"> {
  readonly name: string;
  /** Why it cannot be trained in a page; undefined: it can. */
  readonly unavailable: string | undefined;
}

const FILES = import.meta.glob<Preset>("../../../../../packages/settings/presets/*.json", {
  eager: true,
  import: "default",
});

/** The presets of `dnc train`, by name. */
export const PRESETS: readonly OfferedPreset[] = Object.entries(FILES)
  .map(([path, { description, minutes, settings }]) => {
    const name = path.slice(path.lastIndexOf("/") + 1, -".json".length);
    return { name, description, minutes, settings, unavailable: whyUnavailable({ minutes, settings }) };
  })
  .sort((a, b) => a.name.localeCompare(b.name));

function whyUnavailable({ minutes, settings }: Pick<Preset, "minutes" | "settings">): string | undefined {
  const flags = settings.task_flags as Readonly<Record<string, unknown>> | undefined;
  if (settings.task === "babi" && flags?.babi_source !== "generated") return "needs the files of bAbI";
  return minutes === null ? "too long to have been run" : undefined;
}
