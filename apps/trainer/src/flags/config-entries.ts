import type { ConfigEntry } from "@dnc/report";
import type { Flag } from "./flag.js";
import { belongsTo, FLAGS, NOT_RECORDED, type Settings } from "./train-flags.js";

/** The flags that the configuration of a run has, with their values. */
function configured(settings: Settings): readonly { readonly flag: Flag; readonly value: unknown }[] {
  return FLAGS.filter((flag) => !NOT_RECORDED.includes(flag.name))
    .filter(({ name }) => belongsTo(settings.task, name))
    .map((flag) => ({ flag, value: settings[flag.name] }))
    .filter(({ value }) => value !== undefined);
}

/** The configuration of a run as entries of a report. */
export function configEntries(settings: Settings): readonly ConfigEntry[] {
  return configured(settings).map(({ flag: { name, default: usual, help }, value }) => ({
    name,
    value,
    isDefault: value === usual,
    description: help,
  }));
}

/** The shortest command line that trains such a run. */
export function trainCommand(settings: Settings): string {
  const flags = configured(settings)
    .filter(({ flag, value }) => value !== flag.default && flag.name !== "backend")
    .map(({ flag, value }) => `--${flag.name}=${value}`);
  return ["dnc train", ...flags, `--backend=${settings.backend}`].join(" ");
}
