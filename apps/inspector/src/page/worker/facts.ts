/** Bytes of a saved network by file name: `model.safetensors`, with `state.json`, `config.json` or both. */
export type NetworkFiles = Readonly<Record<string, Uint8Array>>;

/** What the page knows about a network that is open. All of it can be sent between threads. */
export interface NetworkFacts {
  /** One line: controller, sizes, variants, parameters. */
  readonly description: string;
  /** Name of the task that it was trained on; absent: not known. */
  readonly task?: string | undefined;
  /** Iterations that it was trained; absent: not known. */
  readonly step?: number | undefined;
  readonly inputSize: number;
  readonly outputSize: number;
  /** 0 for a network without a memory. */
  readonly memorySize: number;
  readonly wordSize: number;
  readonly readHeads: number;
  readonly writeHeads: number;
  readonly hasLinks: boolean;
  /** Settings of the run that trained it, under the names of flags. */
  readonly settings: Readonly<Record<string, unknown>>;
}
