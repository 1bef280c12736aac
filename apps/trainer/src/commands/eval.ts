import { UsageError } from "../usage-error.js";
import type { EvalOptions } from "./flags.js";

export async function runEvaluation(_options: EvalOptions): Promise<number> {
  throw new UsageError("not available in this release");
}
