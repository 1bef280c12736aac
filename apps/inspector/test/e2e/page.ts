/** Opens the built page in Chromium, from a server on 127.0.0.1, and watches what a visitor would not see. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";

/** The first of these that is installed; the first starts the fastest. */
const BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
const CHROMIUM = BROWSERS.map((name) => `/usr/bin/${name}`).find(existsSync);
const FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"];
const NO_GPU = ["--disable-gpu"];
/** WebGPU on Chromium's software Vulkan. */
const WEBGPU = ["--enable-unsafe-webgpu", "--enable-features=Vulkan,WebGPU", "--use-webgpu-adapter=swiftshader"];
const PAGE = fileURLToPath(new URL("../../dist/page", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ...{ ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" },
  ".json": "application/json",
};

/** Whether a browser is installed. */
export const hasBrowser = CHROMIUM !== undefined;

/** How a page is opened. */
export interface OpenOptions extends Pick<BrowserContextOptions, "viewport" | "colorScheme"> {
  /** Query and hash: `?network=copy#watch`; default: none. */
  readonly path?: string | undefined;
  /** Address of another server than the one of these tests, with a slash at its end. */
  readonly base?: string | undefined;
  /** Whether the test expects errors in the console, such as those of a file that is not there; default: false. */
  readonly expectErrors?: boolean | undefined;
}

/** A page that is open. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, and requests to other hosts. */
  readonly complaints: readonly string[];
}

interface WatchedPage extends OpenedPage {
  readonly expectErrors: boolean;
}

/**
 * Starts browser and server for the tests of a file.
 *
 * @param files - files that the server has beside the page, by path: `/traces/a.json`.
 * @param options - `gpu`: whether the browser has WebGPU; default: false.
 * @returns a function that opens the page. At the end of the file, every page must have nothing to complain about.
 */
export function usePage(files: Readonly<Record<string, Uint8Array | string>> = {}, { gpu = false } = {}) {
  let browser: Browser;
  let server: Server;
  const shared: WatchedPage[] = [];
  const ofTest: WatchedPage[] = [];
  let isInTest = false;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request.url ?? "/", files, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({
      executablePath: CHROMIUM as string,
      args: [...FLAGS, ...(gpu ? WEBGPU : NO_GPU)],
    });
  });
  beforeEach(() => {
    isInTest = true;
  });
  afterEach(async () => {
    isInTest = false;
    await closeAll(ofTest);
  });
  afterAll(async () => {
    await closeAll(shared);
    await browser?.close();
    server?.close();
  });
  return async ({ path = "", base, expectErrors = false, ...context }: OpenOptions = {}): Promise<OpenedPage> => {
    const { port } = server.address() as AddressInfo;
    const address = base ?? `http://127.0.0.1:${port}/`;
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(blob|data):/.test(url)) complaints.push(`request: ${url}`);
    });
    (isInTest ? ofTest : shared).push({ page, complaints, expectErrors });
    await page.goto(address + path);
    return { page, complaints };
  };
}

/** Closes pages, which must have nothing to complain about. */
async function closeAll(pages: WatchedPage[]): Promise<void> {
  const closed = pages.splice(0);
  for (const { page } of closed) await page.context().close();
  for (const { complaints, expectErrors } of closed) if (!expectErrors) expect(complaints).toEqual([]);
}

/** Waits until the page has opened what it was asked to. */
export async function untilOpen(page: Page): Promise<void> {
  await page.locator(".opened:not(:empty)").waitFor({ state: "attached", timeout: 60_000 });
  await page.locator(".busy:empty").waitFor({ state: "attached", timeout: 60_000 });
}

async function answer(
  url: string,
  files: Readonly<Record<string, Uint8Array | string>>,
  response: import("node:http").ServerResponse,
): Promise<void> {
  const { pathname } = new URL(url, "http://127.0.0.1");
  const path = pathname === "/" ? "/index.html" : decodeURIComponent(pathname);
  try {
    const body = files[path] ?? (await readFile(join(PAGE, path)));
    response.writeHead(200, {
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
