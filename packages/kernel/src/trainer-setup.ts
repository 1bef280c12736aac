import type { CompleteTrainerOptions } from "@dnc/core/engine";
import type { KernelHost } from "./host.js";

/** What a {@link KernelTrainer} needs from its engine. */
export interface KernelTrainerSetup {
  /** The host to train on. */
  readonly host: KernelHost;
  /** What the host is, for the description: "WebAssembly". */
  readonly hostName: string;
  /** Largest number of threads that take part, 1 or more; more than 32 count as 32. */
  readonly threads: number;
  /** Optimizer, clipping and loss. */
  readonly options: CompleteTrainerOptions;
}
