/** A mean over sequences. */
export interface Measurement {
  readonly value: number;
  /** Standard error of the value. */
  readonly error: number;
  readonly sequences: number;
}
