/**
 * Computes the assignment of columns to rows with the minimum total cost (Hungarian method, with potentials).
 *
 * @param {number[][]} costs - a square matrix.
 * @returns {number[]} for each row, its column; a permutation.
 */
export function assign(costs) {
  const size = costs.length;
  // Row and column 0 are auxiliary: rowOf[column] is the row assigned to a column, both counted from 1.
  const rowPotential = new Array(size + 1).fill(0);
  const columnPotential = new Array(size + 1).fill(0);
  const rowOf = new Array(size + 1).fill(0);
  for (let row = 1; row <= size; row++) {
    const least = new Array(size + 1).fill(Infinity);
    const previous = new Array(size + 1).fill(0);
    const done = new Array(size + 1).fill(false);
    rowOf[0] = row;
    let column = 0;
    while (rowOf[column] !== 0) {
      done[column] = true;
      let [step, next] = [Infinity, 0];
      for (let other = 1; other <= size; other++) {
        if (done[other]) continue;
        const at = rowOf[column];
        const cost = costs[at - 1][other - 1] - rowPotential[at] - columnPotential[other];
        if (cost < least[other]) [least[other], previous[other]] = [cost, column];
        if (least[other] < step) [step, next] = [least[other], other];
      }
      for (let other = 0; other <= size; other++) {
        if (done[other]) {
          rowPotential[rowOf[other]] += step;
          columnPotential[other] -= step;
        } else least[other] -= step;
      }
      column = next;
    }
    while (column !== 0) {
      rowOf[column] = rowOf[previous[column]];
      column = previous[column];
    }
  }
  const columns = new Array(size);
  for (let column = 1; column <= size; column++) columns[rowOf[column] - 1] = column - 1;
  return columns;
}
