/** Process in which one backend is probed, so that its native libraries cannot affect others or crash the doctor. */
import { type ProbeTarget, probeTarget } from "./probe-backend.js";

const result = await probeTarget(process.argv[2] as ProbeTarget);
// Native libraries may crash during a normal exit, so the process exits as soon as the result is sent.
process.send?.(result, () => process.exit(0));
