/** Creates and serves the archive of libtensorflow that the install scripts of TensorFlow.js expect, made of links. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { home } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { NativeError } from "./error.mjs";
import { HEADERS, LIBRARIES } from "./library.mjs";

/** Names under which the binding and its scripts look for the two libraries. */
const LINKS = {
  "libtensorflow.so": "libtensorflow_cc.so.2",
  "libtensorflow.so.2": "libtensorflow_cc.so.2",
  "libtensorflow.so.2.9.1": "libtensorflow_cc.so.2",
  "libtensorflow_framework.so": "libtensorflow_framework.so.2",
  "libtensorflow_framework.so.2.9.1": "libtensorflow_framework.so.2",
};

/**
 * Packs `include/` and `lib/` as in libtensorflow's archives. The libraries are links; so is `nvidia/`, because the
 * library looks for CUDA next to its own folder.
 *
 * @param {string} library - the folder that `layOut` created.
 * @returns {Promise<Buffer>} a tar.gz.
 * @throws NativeError if there is no tar.
 */
export async function pack(library) {
  const draft = mkdtempSync(join(home, "libtensorflow", "archive-"));
  try {
    const content = join(draft, "content");
    for (const header of HEADERS) {
      const file = join(content, "include", header);
      mkdirSync(dirname(file), { recursive: true });
      copyFileSync(join(library, "tensorflow", "include", header), file);
    }
    mkdirSync(join(content, "lib"));
    for (const name of LIBRARIES) symlinkSync(join(library, "tensorflow", name), join(content, "lib", name));
    for (const [name, target] of Object.entries(LINKS)) symlinkSync(target, join(content, "lib", name));
    if (existsSync(join(library, "nvidia"))) symlinkSync(join(library, "nvidia"), join(content, "nvidia"));
    const archive = join(draft, "archive.tar.gz");
    const { status, output } = await run(["tar", "-czf", archive, "-C", content, "."]);
    if (status !== 0) throw new NativeError(`tar failed: ${output.trim()}`);
    return readFileSync(archive);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Serves an archive from 127.0.0.1 under any path while `work` runs.
 *
 * @param {Buffer} archive
 * @param {(uri: string) => Promise<void>} work - gets the base URL of the archive.
 */
export async function served(archive, work) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": archive.length, "content-type": "application/gzip" });
    response.end(archive);
  });
  await new Promise((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", listening));
  try {
    await work(`http://127.0.0.1:${server.address().port}/libtensorflow-`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
