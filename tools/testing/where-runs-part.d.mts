/** Arguments of the comparison of two runs, for tests in TypeScript. */
export interface Run {
  readonly name: string;
  readonly folder: string;
  readonly output?: string;
}

export function whereRunsPart(runs: readonly [Run, Run]): Promise<string[]>;
