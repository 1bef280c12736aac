import { type LoadedRunConfig, loadRunConfig, resolveSettings } from "@dnc/settings";

/** A run that is asked for: plain data. */
export interface RunRequest {
  readonly preset: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> };
  /** Settings that replace those of the preset, under the names of the flags of `dnc train`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Seed of weights and data, from 0 to 2^31 - 1. */
  readonly seed: number;
}

/** The settings of a run, checked, with its task. */
export type LoadedRequest = LoadedRunConfig;

/**
 * Checks the settings of a run, and loads its task.
 *
 * @throws UsageError (as a rejection), one sentence, for the first setting that is not valid, or needs files.
 */
export async function loadRequest({ preset, settings, seed }: RunRequest): Promise<LoadedRequest> {
  const values = { ...settings, seed };
  return loadRunConfig(resolveSettings({ preset, config: { label: "settings", values } }));
}
