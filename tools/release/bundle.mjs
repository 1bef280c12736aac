/** Creates bundles for the browser, as an application's build does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

/**
 * Bundles a module with Vite, for production.
 *
 * @param {string} code - the module; its imports are resolved from `folder`.
 * @param {string} folder - an existing folder.
 * @param {object} [options]
 * @param {RegExp[]} [options.external] - modules to leave out.
 * @param {boolean} [options.keepImports] - whether to keep modules with side effects even if they are declared free of
 *   them.
 * @returns {Promise<{ code: string, compressed: number, warnings: string[] }>} one file, its size in bytes after gzip,
 *   and the bundler's warnings.
 */
export async function bundle(code, folder, { external = [], keepImports = false } = {}) {
  const place = mkdtempSync(join(folder, "bundle-"));
  const warnings = [];
  try {
    const input = join(place, "input.js");
    writeFileSync(input, code);
    const { output } = await build({
      root: place,
      configFile: false,
      logLevel: "warn",
      customLogger: loggerInto(warnings),
      plugins: keepImports ? [withoutClaims] : [],
      build: {
        write: false,
        target: "es2022",
        modulePreload: false,
        rolldownOptions: {
          input,
          external,
          output: { format: "es", codeSplitting: false },
        },
      },
    });
    const [made] = output;
    return { code: made.code, compressed: gzipSync(made.code, { level: 9 }).length, warnings };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Treats every module as one that may have side effects, as the bundler's own option does not: a package's `sideEffects: false`
 * goes before it.
 */
const withoutClaims = {
  name: "without-claims",
  enforce: "pre",
  async resolveId(source, importer, options) {
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    return resolved && { ...resolved, moduleSideEffects: true };
  },
};

function loggerInto(warnings) {
  const note = (message) => warnings.push(message);
  const quiet = () => {};
  return {
    info: quiet,
    warn: note,
    warnOnce: note,
    error: note,
    clearScreen: quiet,
    hasErrorLogged: () => false,
    hasWarned: false,
  };
}
