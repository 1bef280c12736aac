/**
 * Temporal linkage and its gradients: equations (F12), (F14), (B13), (B14) and (B17) - (B20) of
 * docs/guide/backward-pass.md.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Constants } from "./constants.js";

/** Values of one step that the backward pass needs. */
export type LinkageStep = {
  /** `[batch, slots, slots]`, of the step before. */
  readonly previousLink: tf.Tensor;
  /** `[batch, slots, slots]`: 1 - w[i] - w[j]. */
  readonly linkRetention: tf.Tensor;
  /** `[batch, 1, slots]`, of the step before. */
  readonly previousPrecedence: tf.Tensor;
  /** `[batch, 1, 1]`: 1 - the sum of w. */
  readonly unwrittenShare: tf.Tensor;
  /** `[batch, 1, slots]`. */
  readonly writeWeights: tf.Tensor;
};

/**
 * Updates the link and the precedence weights.
 *
 * @param unwritten - `[batch, 1, slots]`: 1 - w.
 */
export function updateLinkage(
  link: tf.Tensor,
  precedence: tf.Tensor,
  writeWeights: tf.Tensor,
  unwritten: tf.Tensor,
  { offDiagonal }: Constants,
): { link: tf.Tensor; precedence: tf.Tensor; saved: LinkageStep } {
  const [batch, , slots] = writeWeights.shape as [number, number, number];
  const linkRetention = tf.sub(unwritten, tf.reshape(writeWeights, [batch, slots, 1]));
  const added = tf.matMul(writeWeights, precedence, true);
  const unwrittenShare = tf.sub(1, tf.sum(writeWeights, 2, true));
  return {
    link: tf.mul(tf.add(tf.mul(linkRetention, link), added), offDiagonal),
    precedence: tf.add(tf.mul(unwrittenShare, precedence), writeWeights),
    saved: { previousLink: link, linkRetention, previousPrecedence: precedence, unwrittenShare, writeWeights },
  };
}

/**
 * Runs the backward pass of one step.
 *
 * @param dLinks - terms of the gradient to the link after the step.
 * @param dPrecedence - gradient to the precedence weights after the step.
 * @returns terms of the gradient to the write weights; functions that compute the gradients to the state before the
 *   step.
 */
export function linkageBackward(
  dLinks: tf.Tensor[],
  dPrecedence: tf.Tensor,
  { previousLink, linkRetention, previousPrecedence, unwrittenShare, writeWeights }: LinkageStep,
  { offDiagonal, minusOnesOfSlots }: Constants,
): { dWriteWeights: tf.Tensor[]; dPrevious: () => { dLink: tf.Tensor; dPrecedence: tf.Tensor } } {
  const dLink = tf.mul(tf.addN(dLinks), offDiagonal);
  const lost = tf.mul(dLink, previousLink);
  return {
    dWriteWeights: [
      tf.matMul(previousPrecedence, dLink, false, true),
      tf.matMul(minusOnesOfSlots, lost, false, true),
      tf.matMul(minusOnesOfSlots, lost),
      tf.sub(dPrecedence, tf.matMul(dPrecedence, previousPrecedence, false, true)),
    ],
    dPrevious: () => ({
      dLink: tf.mul(linkRetention, dLink),
      dPrecedence: tf.add(tf.mul(unwrittenShare, dPrecedence), tf.matMul(writeWeights, dLink)),
    }),
  };
}
