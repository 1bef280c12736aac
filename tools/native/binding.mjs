/** Builds the native binding of a TensorFlow.js package with the package's install script. */
import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { contained, home } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { pack, served } from "./archive.mjs";
import { NativeError } from "./error.mjs";

/** Variables to remove: a proxy cannot reach 127.0.0.1. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];

/**
 * @param {import("./kinds.mjs").Kind} kind
 * @param {string} library - the folder that `layOut` created.
 * @throws NativeError if a required program is missing, or the script fails.
 */
export async function buildBinding(kind, library) {
  for (const program of ["make", "g++"]) await needed(program);
  const nodeGyp = findNodeGyp();
  const headers = await nodeHeaders(nodeGyp);
  // The script rewrites its manifest in place, and the file is hard-linked to pnpm's store.
  unlinked(join(kind.folder, "package.json"));
  rmSync(kind.binding, { force: true });
  const archive = await pack(library);
  await served(archive, async (uri) => {
    const env = contained();
    for (const name of PROXIES) delete env[name];
    const path = [dirname(kind.resolve("@mapbox/node-pre-gyp/bin/node-pre-gyp")), env.PATH].join(delimiter);
    const gyp = { npm_config_node_gyp: nodeGyp, npm_config_build_from_source: "true", ...headers };
    const { output } = await run([process.execPath, "scripts/install.js", kind.archive, "download"], {
      cwd: kind.folder,
      env: { ...env, ...gyp, PATH: path, TFJS_NODE_BASE_URI: uri },
    });
    // The script exits with status 0 even if node-gyp fails.
    if (!existsSync(kind.binding))
      throw new NativeError(`the install script of ${kind.package} failed:\n${output.trim()}`);
  });
}

async function needed(program) {
  const { status } = await run([program, "--version"]).catch(() => ({ status: 1 }));
  if (status !== 0)
    throw new NativeError(`${program} is needed to build the binding, but not installed (Debian: build-essential)`);
}

/** Finds node-gyp, which comes with npm. */
function findNodeGyp() {
  const node = dirname(process.execPath);
  const homes = [
    process.env.npm_execpath && join(dirname(process.env.npm_execpath), ".."),
    join(node, "../lib/node_modules/npm"),
  ];
  for (const npm of homes.filter(Boolean)) {
    try {
      return createRequire(join(npm, "package.json")).resolve("node-gyp/bin/node-gyp.js");
    } catch {
      // Try the next one.
    }
  }
  throw new NativeError("node-gyp is needed to build the binding, and npm's is not found: run this by npm");
}

/** Finds Node's headers: those installed with it, otherwise those that node-gyp downloads, inside the clone. */
async function nodeHeaders(nodeGyp) {
  const prefix = join(dirname(process.execPath), "..");
  if (existsSync(join(prefix, "include/node/node_api.h"))) return { npm_config_nodedir: prefix };
  const devdir = join(home, "node-gyp");
  const { status, output } = await run([process.execPath, nodeGyp, "install", `--devdir=${devdir}`], {
    env: contained(),
  });
  if (status !== 0) throw new NativeError(`node-gyp cannot get Node's headers:\n${output.trim()}`);
  return { npm_config_devdir: devdir };
}

/** Replaces a file that may be a hard link by a copy. */
function unlinked(file) {
  copyFileSync(file, `${file}.own`);
  renameSync(`${file}.own`, file);
}
