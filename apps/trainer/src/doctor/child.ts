/** The process in which one backend is probed: its native libraries cannot disturb others or crash the doctor. */
import { type ProbeTarget, probeTarget } from "./probe-backend.js";

const result = await probeTarget(process.argv[2] as ProbeTarget);
// Native libraries may crash while a process ends: it ends as soon as the result is sent.
process.send?.(result, () => process.exit(0));
