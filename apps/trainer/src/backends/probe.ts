/** What came of trying a backend: what computes now, or why it cannot and what would help. */
export type Attempt =
  | {
      readonly works: true;
      readonly what: string;
      /** The processor plays the GPU: right, but slow. */
      readonly isSoftware?: boolean;
    }
  | { readonly works: false; readonly why: string; readonly remedy: string };
