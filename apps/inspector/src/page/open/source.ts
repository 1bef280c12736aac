import type { NetworkFiles } from "../worker/facts.js";

/** What is opened: a trace, or the files of a network. */
export type Source =
  | { readonly kind: "trace"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "network"; readonly name: string; readonly files: NetworkFiles };

/** What was given is nothing that the page can open; the message is for people. */
export class OpenError extends Error {
  override readonly name = "OpenError";
}
