/** What the comparison of two runs takes, for tests in TypeScript. */
export interface Run {
  readonly name: string;
  readonly folder: string;
  readonly output?: string;
}

export function whereRunsPart(runs: readonly [Run, Run]): Promise<string[]>;
