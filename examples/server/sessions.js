import { randomUUID } from "node:crypto";
import { unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs";

/** An error whose message is sent to the client, with its HTTP status. */
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Sessions of one network. A session holds the network's state between time steps: memory, links and controller.
 *
 * Each holds tensors, so the number of sessions is limited, and idle sessions are closed.
 */
export class Sessions {
  #network;
  #maxSessions;
  #idleMilliseconds;
  /** Open sessions by id: the state, and the timer that closes the session. */
  #open = new Map();

  constructor(network, { maxSessions, idleSeconds }) {
    this.#network = network;
    this.#maxSessions = maxSessions;
    this.#idleMilliseconds = idleSeconds * 1000;
  }

  /** Opens a session with an empty memory and returns its id. */
  open() {
    if (this.#open.size >= this.#maxSessions)
      throw new RequestError(503, `sessions: expected at most ${this.#maxSessions}; close one or try again later`);
    const id = randomUUID();
    const timer = setTimeout(() => this.close(id), this.#idleMilliseconds).unref();
    this.#open.set(id, { state: this.#network.initialState(1), timer });
    return id;
  }

  /**
   * Runs one time step and stores the new state.
   *
   * @param input - One number per input channel.
   * @returns The probability of each output bit.
   */
  step(id, input) {
    const session = this.#find(id);
    const { inputSize } = this.#network.config;
    if (!isVector(input, inputSize)) throw new RequestError(400, `input: expected ${inputSize} finite numbers`);
    const { output, finalState } = this.#unroll(input, session.state);
    tf.dispose(session.state);
    session.state = finalState;
    session.timer.refresh();
    const probabilities = Array.from(output.dataSync());
    output.dispose();
    return probabilities;
  }

  /** Closes a session and frees its memory. */
  close(id) {
    const { state, timer } = this.#find(id);
    clearTimeout(timer);
    tf.dispose(state);
    this.#open.delete(id);
  }

  /** Closes all sessions. */
  closeAll() {
    for (const id of this.#open.keys()) this.close(id);
  }

  #find(id) {
    const session = this.#open.get(id);
    if (session === undefined) throw new RequestError(404, "session: expected one that is open");
    return session;
  }

  #unroll(input, state) {
    return tf.tidy(() => {
      const { outputs, finalState } = unroll(this.#network, tf.tensor3d(input, [1, 1, input.length]), state);
      return { output: tf.sigmoid(outputs), finalState };
    });
  }
}

/** Whether a value is an array of numbers that are finite in float32: a NaN would persist in the memory. */
function isVector(value, size) {
  const isNumber = (each) => typeof each === "number" && Number.isFinite(Math.fround(each));
  return Array.isArray(value) && value.length === size && value.every(isNumber);
}
