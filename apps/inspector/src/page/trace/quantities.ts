/** What a quantity of a trace is: its name, the paper's symbol and equation. Source: Graves et al. 2016, Methods; docs/guide/equations.md. */
export interface QuantityFacts {
  readonly title: string;
  readonly equation: string;
  /** How the numbers of a trace differ from that; absent: they do not. */
  readonly inTrace?: string | undefined;
}

/** Facts of the quantities that the page shows, by their names in a trace. */
export const QUANTITIES: Readonly<Record<string, QuantityFacts>> = {
  observations: { title: "Input", equation: "x_t" },
  mask: { title: "Whether the output counts", equation: "1 where the target is compared" },
  target: { title: "Target", equation: "z_t" },
  output: { title: "Output", equation: "σ(y_t), y_t = v_t + W_r [r_t^1; ...; r_t^R]" },
  memory: { title: "Memory", equation: "M_t = M_{t-1} ∘ (E - w_t^w e_t^T) + w_t^w v_t^T" },
  usage: { title: "Usage", equation: "u_t = (u_{t-1} + w_{t-1}^w - u_{t-1} ∘ w_{t-1}^w) ∘ ψ_t" },
  retention: { title: "Freed", equation: "1 - ψ_t, ψ_t = Π_i (1 - f_t^i w_{t-1}^{r,i})" },
  link: { title: "Links", equation: "L_t[i, j] = (1 - w_t^w[i] - w_t^w[j]) L_{t-1}[i, j] + w_t^w[i] p_{t-1}[j]" },
  precedenceWeights: { title: "Precedence weighting", equation: "p_t = (1 - Σ_i w_t^w[i]) p_{t-1} + w_t^w" },
  writeWeights: { title: "Write weighting", equation: "w_t^w = g_t^w [g_t^a a_t + (1 - g_t^a) c_t^w]" },
  writeContentWeights: { title: "Write content weighting", equation: "c_t^w = C(M_{t-1}, k_t^w, β_t^w)" },
  allocationWeights: {
    title: "Allocation weighting",
    equation: "a_t[φ_t[j]] = (1 - u_t[φ_t[j]]) Π_{i<j} u_t[φ_t[i]]",
  },
  writeGate: { title: "Write gate", equation: "g_t^w = σ(ĝ_t^w)" },
  allocationGate: { title: "Allocation gate", equation: "g_t^a = σ(ĝ_t^a)" },
  writeStrengths: { title: "Write strength", equation: "β_t^w = softplus(β̂_t^w)", inTrace: "β̂, before softplus" },
  writeKeys: { title: "Write key", equation: "k_t^w" },
  writeVectors: { title: "Write vector", equation: "v_t" },
  eraseVectors: { title: "Erase vector", equation: "e_t = σ(ê_t)" },
  readWeights: {
    title: "Read weighting",
    equation: "w_t^{r,i} = π_t^i[1] b_t^i + π_t^i[2] c_t^{r,i} + π_t^i[3] f_t^i",
  },
  readContentWeights: { title: "Read content weighting", equation: "c_t^{r,i} = C(M_t, k_t^{r,i}, β_t^{r,i})" },
  forwardWeights: { title: "Forward weighting", equation: "f_t^i = L_t w_{t-1}^{r,i}" },
  backwardWeights: { title: "Backward weighting", equation: "b_t^i = L_t^T w_{t-1}^{r,i}" },
  readMode: { title: "Read modes", equation: "π_t^i = softmax(π̂_t^i)" },
  readStrengths: { title: "Read strength", equation: "β_t^{r,i} = softplus(β̂_t^{r,i})", inTrace: "β̂, before softplus" },
  readKeys: { title: "Read key", equation: "k_t^{r,i}" },
  readWords: { title: "Word read", equation: "r_t^i = M_t^T w_t^{r,i}" },
  freeGate: { title: "Free gate", equation: "f_t^i = σ(f̂_t^i)" },
  writeMasks: { title: "Write mask", equation: "m_t = σ(m̂_t)" },
  readMasks: { title: "Read mask", equation: "m_t = σ(m̂_t)" },
  forwardSharpness: { title: "Forward sharpness", equation: "s_t^{f,i} = oneplus(ŝ_t^{f,i})" },
  backwardSharpness: { title: "Backward sharpness", equation: "s_t^{b,i} = oneplus(ŝ_t^{b,i})" },
  controllerOutput: { title: "Controller's output", equation: "[h_t^1; ...; h_t^L]" },
};
