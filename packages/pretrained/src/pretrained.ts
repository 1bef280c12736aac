import type { PretrainedFacts } from "./facts.js";
import { FACTS, type PretrainedName, URLS } from "./networks.js";

/** A trained network of this package. */
export interface PretrainedNetwork extends PretrainedFacts {
  /** Its name. */
  readonly name: PretrainedName;
}

/** URLs of a network's files, by name. */
export type PretrainedUrls = Readonly<Record<"state.json" | "model.safetensors", string>>;

/**
 * Facts about every network of this package, sorted by name.
 *
 *     for (const { name, description, command } of PRETRAINED) console.log(name, description, command);
 */
export const PRETRAINED: readonly PretrainedNetwork[] = (Object.keys(URLS) as PretrainedName[]).map((name) => ({
  name,
  ...FACTS[name],
}));

/**
 * Returns the URLs of a network's files. Bundlers that follow `new URL(..., import.meta.url)` take the files along.
 *
 * @param name - of the network.
 * @returns absolute URLs: `file:` in Node; in a page where its bundler put the files.
 * @throws RangeError if there is no network of this name.
 */
export function pretrainedUrls(name: PretrainedName): PretrainedUrls {
  if (Object.hasOwn(URLS, name)) return URLS[name]();
  const names = PRETRAINED.map((network) => network.name).join(", ");
  throw new RangeError(`name: expected one of ${names}, got ${typeof name === "string" ? `"${name}"` : typeof name}`);
}
