/** What is to be opened cannot be opened, or the page cannot be served. The message is one sentence. */
export class InspectorError extends Error {
  /** Name of the error's class. */
  override readonly name = "InspectorError";
}
