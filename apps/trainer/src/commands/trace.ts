import { UsageError } from "../usage-error.js";
import type { TraceOptions } from "./flags.js";

export async function runTrace(_options: TraceOptions): Promise<number> {
  throw new UsageError("not available in this release");
}
