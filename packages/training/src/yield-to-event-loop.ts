/** What Node and pages have for a task of the event loop; the types of neither are loaded here. */
declare const setImmediate: ((task: () => void) => unknown) | undefined;
declare const setTimeout: (task: () => void, milliseconds: number) => unknown;
declare const MessageChannel:
  | (new () => {
      readonly port1: { onmessage: (() => void) | null; close(): void };
      readonly port2: { postMessage(message: undefined): void };
    })
  | undefined;

/** Lets the event loop run everything that is due: signals, input and output, painting. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      // A timer would wait four milliseconds in a page.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else setTimeout(resolve, 0);
  });
}
