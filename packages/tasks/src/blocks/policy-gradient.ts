/** What is minimized for a policy of which actions are sampled, and its gradient. */

/**
 * Computes how much better actions were than the value network expected, with traces of eligibility and without a discount:
 *
 *     A[t] = sum over k >= t of lambda^(k - t) delta[k],  delta[t] = r[t] + V[t + 1] - V[t]
 *
 * where V after the last step is 0. With lambda = 1 it is the sum of the rewards to come, less V[t].
 *
 * Source: Graves et al. 2016, Methods, "Mini-SHRDLU"; Schulman et al. 2016, "High-dimensional continuous control using generalized
 * advantage estimation", equation 16 with gamma = 1.
 *
 * @param rewards - `[steps]`: the reward after each action.
 * @param values - `[steps]`: the value network's output before each action.
 * @param lambda - In [0, 1].
 * @returns `[steps]`.
 */
export function advantages(rewards: ArrayLike<number>, values: ArrayLike<number>, lambda: number): Float64Array {
  const result = new Float64Array(rewards.length);
  let later = 0;
  for (let step = rewards.length - 1; step >= 0; step--) {
    const next = step + 1 < rewards.length ? (values[step + 1] as number) : 0;
    later = (rewards[step] as number) + next - (values[step] as number) + lambda * later;
    result[step] = later;
  }
  return result;
}

/**
 * Sums the rewards to come.
 *
 * @param rewards - `[steps]`.
 * @returns `[steps]`: the sum from each step on.
 */
export function rewardsToCome(rewards: ArrayLike<number>): Float64Array {
  return advantages(rewards, new Float64Array(rewards.length), 1);
}

/** An action that was sampled, and what it is worth. */
export type ValuedAction = {
  /** Its index. */
  readonly action: number;
  /** How much better it was than expected. */
  readonly advantage: number;
  /** Weight of the entropy of the policy. */
  readonly entropyWeight: number;
};

/**
 * Computes the loss of a policy in one step, and its gradient. The value of the loss means nothing: of many episodes, its gradient is on average
 * that of the rewards to come and the entropy:
 *
 *     loss = - A log p[action] - c H,  p = softmax(z),  H = - sum of p[i] log p[i]
 *     d loss / d z[i] = A (p[i] - [i is the action]) + c p[i] (log p[i] + H)
 *
 * @param logits - The network's outputs z, one per action.
 * @param valued - The action, its advantage A and the weight c.
 * @returns The loss, its gradient with respect to the logits, and the entropy H.
 */
export function policyLoss(
  logits: ArrayLike<number>,
  { action, advantage, entropyWeight }: ValuedAction,
): { readonly loss: number; readonly gradient: Float64Array; readonly entropy: number } {
  const logs = logProbabilities(logits);
  const entropy = -logs.reduce((sum, log) => sum + Math.exp(log) * log, 0);
  return {
    entropy,
    loss: -advantage * (logs[action] as number) - entropyWeight * entropy,
    gradient: logs.map((log, index) => {
      const probability = Math.exp(log);
      const isAction = index === action ? 1 : 0;
      return advantage * (probability - isAction) + entropyWeight * probability * (log + entropy);
    }),
  };
}

/** Computes log softmax. */
export function logProbabilities(logits: ArrayLike<number>): Float64Array {
  const numbers = Float64Array.from(logits);
  const largest = numbers.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const log = Math.log(numbers.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return numbers.map((logit) => logit - largest - log);
}
