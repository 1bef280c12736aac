/** Something that the set-up of a native binding needs is not here; the message is one sentence. */
export class NativeError extends Error {}
