/** A release cannot go on; the message is for people, and says what to do. */
export class ReleaseError extends Error {}
