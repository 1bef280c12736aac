/** An error for something that the set-up of a native binding lacks; the message is one sentence. */
export class NativeError extends Error {}
