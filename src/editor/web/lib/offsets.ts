/* Between positions in JavaScript's strings, which count UTF-16 units, and the library's offsets,
 ** which count bytes of UTF-8. This is the only place that knows of both. */

const encoder = new TextEncoder();

/** A text in both encodings. A lone surrogate, which UTF-8 does not have, is U+FFFD in its bytes. Of a
 * text that is given as bytes, which need not be UTF-8, positions are bytes too. */
export class EncodedText {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Byte → unit and unit → byte; absent where they are the same. */
  private readonly units: Uint32Array | null = null;
  private readonly offsets: Uint32Array | null = null;

  constructor(given: string | Uint8Array) {
    const text = typeof given === "string" ? given : new TextDecoder().decode(given);
    this.text = text;
    this.bytes = typeof given === "string" ? encoder.encode(given) : given;
    if (typeof given !== "string" || this.bytes.length === text.length) return;
    this.units = new Uint32Array(this.bytes.length + 1);
    this.offsets = new Uint32Array(text.length + 1);
    let unit = 0;
    let byte = 0;
    while (unit < text.length) {
      const point = text.codePointAt(unit)!;
      const wide = point > 0xffff ? 2 : 1;
      const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      this.units.fill(unit, byte, byte + length);
      this.offsets.fill(byte, unit, unit + wide);
      unit += wide;
      byte += length;
    }
    this.units[byte] = unit;
    this.offsets[unit] = byte;
  }

  /** The position of a byte; of one inside a character, that of the character. */
  toUnit(byte: number): number {
    const at = Math.min(byte, this.bytes.length);
    return this.units ? this.units[at]! : at;
  }

  /** The offset of a unit; of the second half of a pair, that of the pair. */
  toByte(unit: number): number {
    const at = Math.max(0, unit);
    return this.offsets?.[at] ?? Math.min(at, this.bytes.length);
  }
}
