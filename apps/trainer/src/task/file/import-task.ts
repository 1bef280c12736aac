import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { fileError } from "./file-error.js";
import { settled } from "./foreign-code.js";

/** A file that was imported. */
export interface ImportedFile {
  /** Its default export, which may be anything. */
  readonly exported: unknown;
  readonly sha256: string;
}

/**
 * Imports a task file. Packages of this project that the file's folder does not have are those of the trainer, so that a
 * file anywhere can import `@dnc/tasks`.
 *
 * @param file - absolute path.
 * @throws UsageError (as a rejection) if it cannot be read or imported, or has no default export.
 */
export async function importTask(file: string): Promise<ImportedFile> {
  const sha256 = hashOf(file);
  resolveOwnPackages();
  const imported = await settled(() => import(/* @vite-ignore */ pathToFileURL(file).href)).catch((error) => {
    throw importError(file, error);
  });
  if (!("default" in imported) || imported.default === undefined) throw fileError(file, `${EXPECTED}, got none`);
  return { exported: imported.default, sha256 };
}

/** What a task file has to export. */
const EXPECTED = "expected a default export, what defineTask returns or a function of flags that returns it";

/**
 * Computes the SHA-256 of a task file.
 *
 * @throws UsageError if it cannot be read.
 */
export function hashOf(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const got = code === "ENOENT" ? "nothing there" : code === "EISDIR" ? "a folder" : `an error (${message})`;
    throw fileError(file, `expected the file of a task, got ${got}`);
  }
}

function importError(file: string, error: unknown): Error {
  const { code } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION")
    return fileError(
      file,
      `expected a file that Node ${process.versions.node} can run, such as one in .mjs, got another`,
    );
  if (error instanceof SyntaxError) return fileError(file, "expected a module, got a syntax error", error);
  return fileError(file, "cannot be imported", error);
}

/** Resolves packages of this project from the trainer where the importing file's own folders do not have them. */
const HOOKS = `
  let trainer;
  export function initialize(url) { trainer = url; }
  export async function resolve(specifier, context, next) {
    try {
      return await next(specifier, context);
    } catch (error) {
      if (!specifier.startsWith("@dnc/")) throw error;
      return next(specifier, { ...context, parentURL: trainer }).catch(() => { throw error; });
    }
  }`;

let isRegistered = false;

function resolveOwnPackages(): void {
  if (isRegistered) return;
  isRegistered = true;
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { parentURL: import.meta.url, data: import.meta.url });
}
