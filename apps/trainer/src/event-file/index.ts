export { EventFile } from "./event-file.js";
export { image, preformatted, type SummaryValue, scalar, text } from "./summary.js";
