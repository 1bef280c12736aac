/** A cluster refuses what a sweep asks for, or does not answer as Ray does. Its message is one complete sentence without secrets. */
export class ClusterError extends Error {
  /** Name of the error's class. */
  override readonly name = "ClusterError";
}
