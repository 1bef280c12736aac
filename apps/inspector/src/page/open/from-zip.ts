import { type UnzipFileInfo, unzipSync } from "fflate";
import type { GivenFile } from "./given-file.js";
import { OpenError } from "./source.js";

/** Most files of a zip file, and most bytes of those that are opened. */
const MAX_FILES = 20_000;
const MAX_BYTES = 2 ** 28;

/** Files of a run that the page may open; samples and records are left where they are. */
const OPENED = /(^|\/)(config\.json|state\.json|model\.safetensors|latest)$/;

/**
 * Unpacks what the page may open of a zip file: a run that it has saved, or a checkpoint.
 *
 * @param name - of the zip file, for messages.
 * @throws OpenError if it is not a zip file, has nothing to open, or is too large.
 */
export function filesOfZip(name: string, zipped: Uint8Array): readonly GivenFile[] {
  let [files, bytes] = [0, 0];
  const filter = (file: UnzipFileInfo) => {
    if (++files > MAX_FILES) throw new OpenError(`${name}: expected at most ${MAX_FILES} files, got more.`);
    if (!OPENED.test(file.name)) return false;
    bytes += file.originalSize;
    if (bytes > MAX_BYTES) throw new OpenError(`${name}: expected at most ${MAX_BYTES} bytes to open, got more.`);
    return true;
  };
  const found = Object.entries(unzipped(name, zipped, filter)).map(([path, content]) => ({
    path,
    bytes: async () => content,
  }));
  if (found.some(({ path }) => path.endsWith("model.safetensors"))) return found;
  throw new OpenError(`${name}: expected a run or a checkpoint in the zip file, got none.`);
}

function unzipped(
  name: string,
  zipped: Uint8Array,
  filter: (file: UnzipFileInfo) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(zipped, { filter });
  } catch (error) {
    throw error instanceof OpenError ? error : new OpenError(`${name}: expected a zip file, got something else.`);
  }
}
