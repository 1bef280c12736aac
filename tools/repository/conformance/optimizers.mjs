/** The optimizers in plain numbers, in double precision. */

const OPTIMIZERS = { rmsprop: rmsProp, adam };

/**
 * Creates an optimizer.
 *
 * @param options - options of a trainer's optimizer.
 * @param {number} size - number of parameters.
 * @returns {{ updates(gradient: number[]): number[], state: Record<string, number[]> }} `updates` returns what is to be
 *   subtracted from each parameter, and changes the state.
 */
export function optimizerOf({ type, ...options }, size) {
  return OPTIMIZERS[type](options, size);
}

function rmsProp({ learningRate = 1e-4, decay = 0.9, epsilon = 1e-10, momentum = 0 }, size) {
  const meanSquares = new Array(size).fill(1);
  const moved = new Array(size).fill(0);
  return {
    updates: (gradient) =>
      gradient.map((g, index) => {
        meanSquares[index] += (1 - decay) * (g * g - meanSquares[index]);
        moved[index] = momentum * moved[index] + (learningRate * g) / Math.sqrt(meanSquares[index] + epsilon);
        return moved[index];
      }),
    state: momentum > 0 ? { meanSquares, momentum: moved } : { meanSquares },
  };
}

function adam({ learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }, size) {
  const firstMoments = new Array(size).fill(0);
  const secondMoments = new Array(size).fill(0);
  const steps = [0];
  return {
    updates(gradient) {
      steps[0]++;
      const [first, second] = [1 - beta1 ** steps[0], 1 - beta2 ** steps[0]];
      return gradient.map((g, index) => {
        firstMoments[index] += (1 - beta1) * (g - firstMoments[index]);
        secondMoments[index] += (1 - beta2) * (g * g - secondMoments[index]);
        return (learningRate * (firstMoments[index] / first)) / (Math.sqrt(secondMoments[index] / second) + epsilon);
      });
    },
    state: { firstMoments, secondMoments, steps },
  };
}
