/** The process in which one backend is examined: its native libraries can neither disturb others nor take them along. */
import { type Examined, examine } from "./probe-backend.js";

const found = await examine(process.argv[2] as Examined);
// Native libraries may crash while a process ends: it ends as soon as the answer is out.
process.send?.(found, () => process.exit(0));
