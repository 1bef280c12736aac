/** Functions of Node and of browsers that queue a task; this package loads the types of neither. */
declare const setImmediate: ((task: () => void) => unknown) | undefined;
declare const setTimeout: (task: () => void, milliseconds: number) => unknown;
declare const MessageChannel:
  | (new () => {
      readonly port1: { onmessage: (() => void) | null; close(): void };
      readonly port2: { postMessage(message: undefined): void };
    })
  | undefined;

/** Yields to the event loop: signals, input and output, and painting get their turn. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      // In a page a timer would wait four milliseconds.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else setTimeout(resolve, 0);
  });
}
