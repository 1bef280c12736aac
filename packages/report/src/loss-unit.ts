/** Unit of the losses of the built-in tasks. */
export const DEFAULT_LOSS_UNIT = "nats per sequence";
