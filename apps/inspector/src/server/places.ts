/** Where the servers of a run listened, so that a page that follows the run finds the next one in the same place. */
import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { Place } from "./check-request.js";
import type { Inspected } from "./inspected.js";

/** A place with the process that listens or listened there. */
export interface UsedPlace extends Place {
  readonly process: number;
}

/** The most places that are remembered: several servers may show one run. */
const MOST = 4;
/** Maximum length of the file in bytes. */
const MAX_BYTES = 4096;
const TOKEN = /^[\w-]{43}$/;

/**
 * Reads where servers that opened the same listened, the latest first.
 *
 * @returns none if the file is not there, or others may read or have written it.
 */
export async function readPlaces(opened: Inspected | undefined): Promise<readonly UsedPlace[]> {
  try {
    const text = await readOwnFile(placesFile(opened));
    const places: unknown = JSON.parse(text);
    return Array.isArray(places) ? places.filter(isUsedPlace).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/**
 * Remembers where a server listens. Without success it does nothing: then a restarted server listens elsewhere.
 *
 * @param places - the latest first.
 */
export async function writePlaces(opened: Inspected | undefined, places: readonly UsedPlace[]): Promise<void> {
  try {
    const file = placesFile(opened);
    const temporary = `${file}.${randomUUID()}`;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    try {
      await writeFile(temporary, `${JSON.stringify(places.slice(0, MOST))}\n`, { flag: "wx", mode: 0o600 });
      await rename(temporary, file);
    } catch {
      await rm(temporary, { force: true });
    }
  } catch {
    // no home that can be written
  }
}

function placesFile(opened: Inspected | undefined): string {
  const { XDG_CACHE_HOME: folder = "" } = process.env;
  const cache = isAbsolute(folder) ? folder : join(homedir(), ".cache");
  const { kind = "page", ...what } = opened ?? {};
  const hash = createHash("sha256").update(JSON.stringify([kind, ...Object.values(what)]));
  return join(cache, "dnc", "inspector", `${hash.digest("hex").slice(0, 32)}.json`);
}

/** Reads a file that belongs to this user alone: whoever else can read it has the token. */
async function readOwnFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { mode, uid, size } = await file.stat();
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
    return isOwn && size <= MAX_BYTES ? await file.readFile("utf8") : "";
  } finally {
    await file.close();
  }
}

function isUsedPlace(value: unknown): value is UsedPlace {
  const { port, token, process } = Object(value);
  return isPort(port) && port > 0 && typeof token === "string" && TOKEN.test(token) && Number.isSafeInteger(process);
}

/** Whether a value is the number of a port, or 0, which stands for any that is free. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535;
}
