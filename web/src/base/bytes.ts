// bytes.ts - numbers out of base64.

/** Little-endian float32. What is no base64 gives an error that says whose numbers they were. */
export function floats(text: string, what: string): Float32Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Error(`${what}: no base64`);
  }
  if (binary.length % 4) throw new Error(`${what}: ${binary.length} bytes, which are no float32`);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return littleEndian(new DataView(bytes.buffer));
}

export function littleEndian(view: DataView): Float32Array {
  const out = new Float32Array(view.byteLength / 4);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat32(4 * i, true);
  return out;
}

/** As above, and as many as there should be. */
export function floatsOf(text: string, n: number, what: string): Float32Array {
  const values = floats(text, what);
  if (values.length !== n) throw new Error(`${what}: ${values.length} numbers; must be ${n}`);
  return values;
}
