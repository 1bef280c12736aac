import { UsageError } from "../usage-error.js";
import type { ReportOptions } from "./flags.js";

export async function runReport(_options: ReportOptions): Promise<number> {
  throw new UsageError("not available in this release");
}
