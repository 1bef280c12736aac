/** The name of a backend, as on the command line. */
export type BackendName = "cuda" | "webgpu" | "cpu" | "node";

/** Result of starting a backend: what it is, or why it does not work and what would help. */
export type BackendProbe =
  | {
      readonly works: true;
      readonly description: string;
      /** The CPU emulates the GPU: correct, but slow. */
      readonly isSoftware?: boolean;
    }
  | { readonly works: false; readonly reason: string; readonly fix: string };
