/** The name of a backend, as on the command line. */
export type BackendName = "cuda" | "webgpu" | "cpu" | "node";

/** Result of starting a backend: its description, or the reason why it does not work and how to fix it. */
export type BackendProbe =
  | {
      readonly works: true;
      readonly description: string;
      /** Whether the CPU emulates the GPU: correct, but slow. */
      readonly isSoftware?: boolean;
    }
  | { readonly works: false; readonly reason: string; readonly fix: string };
