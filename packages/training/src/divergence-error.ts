/** Iteration at which training diverged, with its loss and gradient norm. */
export type Divergence = {
  /** The iteration, counted from 1 since the run began. */
  readonly step: number;
  /** The loss of that iteration. */
  readonly loss: number;
  /** The global norm of its gradients. */
  readonly gradientNorm: number;
  /** The first variable with a value that is not finite, if the update was applied before that was noticed. */
  readonly variable?: string | undefined;
};

/** Training has diverged: loss, gradients or weights are not finite. */
export class DivergenceError extends Error {
  /** The class's name. */
  override readonly name = "DivergenceError";
  /** The iteration and its numbers. */
  readonly divergence: Divergence;

  /**
   * Creates the error and its message.
   *
   * @param divergence - The iteration and its numbers.
   */
  constructor(divergence: Divergence) {
    const { step, loss, gradientNorm, variable } = divergence;
    super(
      variable === undefined
        ? `the ${Number.isFinite(loss) ? `gradient norm of iteration ${step} is ${gradientNorm}` : `loss of iteration ${step} is ${loss}`}; training stopped`
        : `${variable} is not finite after iteration ${step}; training stopped`,
    );
    this.divergence = divergence;
  }
}
