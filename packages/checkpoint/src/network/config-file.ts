import { formatValue } from "../format-value.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import type { StoredSettings } from "./settings.js";

/** Name of a run's settings in its folder. */
export const CONFIG_FILE = "config.json";

/** Maximum length of config.json. */
export const MAX_CONFIG_BYTES = 2 ** 20;

const DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses a run's config.json.
 *
 * @returns the settings, unchecked.
 * @throws UnreadableCheckpointError if the file is too long or not JSON.
 */
export function parseConfig(bytes: Uint8Array): StoredSettings {
  if (bytes.length > MAX_CONFIG_BYTES)
    throw new UnreadableCheckpointError(
      `${CONFIG_FILE}: expected at most ${MAX_CONFIG_BYTES} bytes, got ${formatValue(bytes.length)}`,
    );
  try {
    return { value: JSON.parse(DECODER.decode(bytes)), file: CONFIG_FILE };
  } catch (cause) {
    throw new UnreadableCheckpointError(`${CONFIG_FILE}: expected JSON in UTF-8, got something else`, { cause });
  }
}
