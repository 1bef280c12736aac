/** Opens a page that uses the built packages in headless Chromium, from a server on 127.0.0.1. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { libraries } from "./workspace.mjs";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const QUIET = ["--disable-component-update", "--disable-sync", "--no-first-run", "--virtual-time-budget=200000"];

/** Whether there is a browser to test with. */
export const hasBrowser = CHROMIUM !== undefined;

/**
 * Runs a module script in a page and returns what it leaves in `document.title`.
 *
 * @param script - may import `@tensorflow/tfjs`, our libraries by name, and files by their path in the clone.
 * @param isolated - true: the page is cross-origin isolated, and so has shared memory.
 */
export async function runInPage(script, isolated) {
  const server = createServer((request, response) => answer(request.url, script, isolated, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "dnc-browser-"));
  try {
    const address = `http://127.0.0.1:${server.address().port}/`;
    const page = await outputOf(CHROMIUM, [...FLAGS, ...QUIET, `--user-data-dir=${profile}`, "--dump-dom", address]);
    return page.match(/<title>([\s\S]*?)<\/title>/)?.[1].replaceAll("&quot;", '"') ?? page;
  } finally {
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function answer(url, script, isolated, response) {
  const headers = isolated
    ? { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }
    : {};
  try {
    const body = url === "/" ? pageOf(script) : await readFile(join(root, url));
    response.writeHead(200, { ...headers, "Content-Type": url === "/" ? "text/html" : "text/javascript" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function pageOf(script) {
  const union = "/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js";
  const own = Object.fromEntries(libraries.map((name) => [`@dnc/${name}`, `/packages/${name}/dist/index.js`]));
  const imports = { "@tensorflow/tfjs": union, "@tensorflow/tfjs-core": union, ...own };
  return `<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">try { ${script} } catch (error) { document.title = "error: " + error.stack; }</script>`;
}

function outputOf(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}
