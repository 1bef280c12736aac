export { type Inspected, inspectedAt } from "./inspected.js";
export { InspectorError } from "./inspector-error.js";
export { type RunInspectorOptions, runInspector } from "./run-inspector.js";
export { type InspectorOptions, type InspectorServer, serveInspector } from "./serve-inspector.js";
