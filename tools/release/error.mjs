/** An error that stops a release; the message tells the user what to do. */
export class ReleaseError extends Error {}
