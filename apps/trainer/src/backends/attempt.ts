/** What came of trying a backend: what computes now, or why it cannot and what would help. */
export type Attempt =
  | { readonly works: true; readonly what: string }
  | { readonly works: false; readonly why: string; readonly remedy: string };
