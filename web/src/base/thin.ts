// thin.ts - a history of bounded length of what never ends: evenly spaced, whichever way it grew.

const FEW = 64; // with as much room, powers of 2 are kept as well, so that the beginning can be seen

/** Decides which of ascending steps are kept: the first of every 'stride', the first from each power of 2 on, and the
 * newest, which the next one replaces unless it is one of these. The stride doubles whenever there is no room. */
export class Thinning {
  private stride = 1;

  /** Puts a step behind 'at', a value behind each of 'columns', in place. Steps from there on are forgotten. */
  append(at: number[], columns: unknown[][], step: number, row: unknown[], room: number): void {
    let n = at.length;
    while (n > 0 && at[n - 1] >= step) n--;
    if (n === 0) this.stride = 1;
    if (n > 1 && !this.begins(at[n - 1], at[n - 2], room)) n--;
    for (const list of [at, ...columns]) list.length = n;
    at.push(step);
    columns.forEach((column, i) => column.push(row[i]));
    while (at.length > room) this.thin(at, columns, room);
  }

  /** Whether a step is the first of its part of the run, where 'before' is kept before it. */
  private begins(step: number, before: number, room: number): boolean {
    return Math.floor(step / this.stride) !== Math.floor(before / this.stride) ||
      (room >= FEW && Math.floor(Math.log2(step)) !== Math.floor(Math.log2(before)));
  }

  private thin(at: number[], columns: unknown[][], room: number): void {
    this.stride *= 2;
    const last = at.length - 1;
    let n = 1;
    for (let i = 1; i <= last; i++) {
      if (i < last && !this.begins(at[i], at[n - 1], room)) continue;
      for (const list of [at, ...columns]) list[n] = list[i];
      n++;
    }
    for (const list of [at, ...columns]) list.length = n;
  }
}
