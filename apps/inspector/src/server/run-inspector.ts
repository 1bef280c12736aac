import { setTimeout as delay } from "node:timers/promises";
import { openBrowser } from "./open-browser.js";
import { type InspectorOptions, serveInspector } from "./serve-inspector.js";

/** Options of `runInspector`. */
export type RunInspectorOptions = InspectorOptions & {
  /** Whether to open the page in the user's browser, where there is one; default: true. */
  readonly browser?: boolean | undefined;
  /**
   * Prints the address.
   *
   * @param text - A line for people, which has the address.
   */
  readonly print: (text: string) => void | Promise<void>;
};

/**
 * How long a second signal may take that is a duplicate: a terminal sends it to npm and its child, and npm forwards it. It would kill
 * a process that is about to end.
 */
const DUPLICATE_SIGNAL_MS = 200;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Serves the inspector until the process is asked to end, by Ctrl-C for example.
 *
 * @param options - As of `serveInspector`; whether to open a browser, and what prints the address.
 * @throws InspectorError (as a rejection) as `serveInspector` does.
 */
export async function runInspector({ browser = true, print, ...options }: RunInspectorOptions): Promise<void> {
  const stop = stopRequest();
  try {
    const server = await serveInspector(options);
    await print(`Inspector: ${server.url}\nCtrl-C ends it.\n`);
    if (browser) openBrowser(server.url);
    await stop.requested;
    await server.close();
    await delay(DUPLICATE_SIGNAL_MS);
  } finally {
    stop.dispose();
  }
}

/** Waits for a signal. */
function stopRequest(): { readonly requested: Promise<void>; readonly dispose: () => void } {
  const { promise, resolve } = deferred();
  for (const signal of SIGNALS) process.on(signal, resolve);
  return {
    requested: promise,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, resolve);
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
