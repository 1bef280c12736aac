/** Result of starting a backend: its description, or why it does not work and how to fix it. */
export type BackendProbe =
  | {
      readonly works: true;
      readonly description: string;
      /** Whether the CPU emulates the GPU, which is correct but slow; default: false. */
      readonly isSoftware?: boolean;
    }
  | { readonly works: false; readonly reason: string; readonly fix: string };
