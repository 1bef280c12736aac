/** Opens a page that uses the built packages in headless Chromium, from a server on 127.0.0.1. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../pnpm.mjs";
import { libraries, member } from "./workspace.mjs";

/** The first of these that is installed; the first starts the fastest. */
const BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
/** Path of the browser; undefined if none is installed. */
export const CHROMIUM = BROWSERS.map((name) => `/usr/bin/${name}`).find(existsSync);
const FLAGS = ["--headless", "--no-sandbox", "--disable-background-networking"];
/** Flags for WebGPU on Chromium's software Vulkan. */
const WEBGPU = ["--enable-unsafe-webgpu", "--enable-features=Vulkan,WebGPU", "--use-webgpu-adapter=swiftshader"];
/** Flags for no GPU, and no software WebGL, which TensorFlow.js would treat as a GPU. */
const NO_GPU = ["--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer"];
const QUIET = ["--disable-component-update", "--disable-sync", "--no-first-run"];
const LONGEST = 120_000;

/** Whether a browser is installed. */
export const hasBrowser = CHROMIUM !== undefined;

/**
 * Runs a module script in a page and returns the final `document.title`.
 *
 * @param script - the script; it may import `@tensorflow/tfjs`, our libraries by name, and files by their path in the
 *   clone.
 * @param files - files that the server has in addition to the clone's, by path.
 * @param isolated - whether the page is cross-origin isolated, and so has shared memory; default: false.
 * @param gpu - whether the page has WebGPU; default: false.
 */
export async function runInPage(script, { files = {}, isolated = false, gpu = false } = {}) {
  let report;
  const title = new Promise((resolve) => {
    report = resolve;
  });
  const server = createServer((request, response) => handle(request, { script, files, isolated, report }, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "dnc-browser-"));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const flags = [...FLAGS, ...(gpu ? WEBGPU : NO_GPU), ...QUIET, `--user-data-dir=${profile}`];
  // A separate process group, to end its children too: they would continue to write to the profile.
  const browser = spawn(CHROMIUM, [...flags, address], { stdio: "ignore", detached: true });
  const closed = new Promise((resolve) => browser.once("close", resolve));
  try {
    return await Promise.race([title, failure(browser)]);
  } finally {
    endGroup(browser.pid);
    await closed;
    server.closeAllConnections();
    server.close();
    await removed(profile);
  }
}

function endGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it has already ended
  }
}

/** Removes a folder to which ending processes may still write. */
async function removed(folder) {
  for (let tries = 20; ; tries--) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tries === 0) throw error;
      await sleep(100);
    }
  }
}

/** Rejects once the browser has ended, or has printed nothing for too long. */
function failure(browser) {
  return new Promise((_, reject) => {
    browser.once("error", reject);
    browser.once("close", () => reject(new Error("browser: it ended before the page did")));
    setTimeout(() => reject(new Error("browser: the page has said nothing")), LONGEST).unref();
  });
}

async function handle(request, { script, files, isolated, report }, response) {
  const { url } = request;
  if (url === "/done") {
    let title = "";
    for await (const chunk of request) title += chunk;
    response.end();
    report(title);
    return;
  }
  const headers = isolated
    ? { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }
    : {};
  try {
    const body = url === "/" ? pageOf(script) : (files[url] ?? (await readFile(join(root, url))));
    response.writeHead(200, { ...headers, "Content-Type": url === "/" ? "text/html" : typeOf(url) });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Returns the media type of a file. */
function typeOf(url) {
  const [, type] =
    Object.entries({ ".html": "text/html", ".css": "text/css" }).find(([end]) => url.endsWith(end)) ?? [];
  return type ?? "text/javascript";
}

function pageOf(script) {
  const union = "/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js";
  const own = Object.fromEntries(
    [...libraries, "kernel"].flatMap((name) =>
      Object.entries(member(name).manifest.exports)
        .filter(([, target]) => target.types)
        .map(([path, { default: file }]) => [join(`@dnc/${name}`, path), join(`/packages/${name}`, file)]),
    ),
  );
  const webgpu = "/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.fesm.min.js";
  const tensorflow = { "@tensorflow/tfjs": union, "@tensorflow/tfjs-core": union };
  const imports = { ...tensorflow, "@tensorflow/tfjs-backend-webgpu": webgpu, ...own };
  return `<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
try { ${script} } catch (error) { document.title = "error: " + error.stack; }
await fetch("/done", { method: "POST", body: document.title });
</script>`;
}
