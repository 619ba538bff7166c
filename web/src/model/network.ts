// network.ts - a multilayer perceptron with a bottleneck, in double arithmetic on the stored float32 parameters.

import type { LayerData, ModelData } from '../data';
import { erf } from '../maths/erf';

const ACTIVATIONS: { [name: string]: (x: number) => number } = {
  gelu: (x) => (x / 2) * (1 + erf(x * Math.SQRT1_2)),
  relu: (x) => (x < 0 ? 0 : x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

const OUTPUTS: { [name: string]: ((x: number) => number) | null } = { linear: null, sigmoid: ACTIVATIONS.sigmoid };

export class Network {
  private readonly activation: (x: number) => number;
  private readonly output: ((x: number) => number) | null;

  constructor(readonly model: ModelData) {
    this.activation = ACTIVATIONS[model.activation];
    if (!this.activation) throw new Error(`unknown activation '${model.activation}'`);
    if (!(model.output in OUTPUTS)) throw new Error(`unknown output '${model.output}'`);
    this.output = OUTPUTS[model.output];
  }

  /** inputs [n][inputs] to latents [n][bottleneck], which the decoder reads. */
  encode(parameters: Float32Array, inputs: ArrayLike<number>, n: number): Float64Array {
    const z = this.run(this.model.encoder, parameters, inputs, n, null);
    if (this.model.normalize) normalize(z, n, this.model.bottleneck);
    return z;
  }

  /** latents [n][bottleneck] to outputs [n][outputs], not clamped. */
  decode(parameters: Float32Array, latents: ArrayLike<number>, n: number): Float64Array {
    return this.run(this.model.decoder, parameters, latents, n, this.output);
  }

  private run(layers: LayerData[], parameters: Float32Array, x: ArrayLike<number>, n: number,
    last: ((x: number) => number) | null): Float64Array {
    let from: ArrayLike<number> = x;
    layers.forEach((layer, l) => {
      from = linear(layer, parameters, from, n, l + 1 < layers.length ? this.activation : last);
    });
    return from as Float64Array;
  }
}

function linear(layer: LayerData, parameters: Float32Array, x: ArrayLike<number>, n: number,
  f: ((x: number) => number) | null): Float64Array {
  const { inputs, outputs, weight, bias } = layer;
  const y = new Float64Array(n * outputs);
  for (let i = 0; i < n; i++)
    for (let o = 0; o < outputs; o++) {
      let sum = parameters[bias + o];
      for (let k = 0, w = weight + o * inputs, at = i * inputs; k < inputs; k++) sum += parameters[w + k] * x[at + k];
      y[i * outputs + o] = f ? f(sum) : sum;
    }
  return y;
}

/** Rows to unit length, in place. */
export function normalize(z: Float64Array, n: number, dims: number): void {
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let k = i * dims; k < (i + 1) * dims; k++) squares += z[k] * z[k];
    const length = Math.max(Math.sqrt(squares), 1e-12);
    for (let k = i * dims; k < (i + 1) * dims; k++) z[k] /= length;
  }
}
