/*
 * Asks Perfetto's trace processor, which runs in a worker, by its own protocol. Of that, this has what a query needs:
 * https://github.com/google/perfetto/blob/v20.1/protos/perfetto/trace_processor/trace_processor.proto
 */

const Method = { APPEND: 1, FINALIZE: 2, QUERY: 3 };
const Field = { SEQUENCE: 1, REQUEST: 2, TRACE: 101, ARGUMENTS: 103, APPENDED: 201, RESULT: 203 };
const Cell = { NULL: 1, INTEGER: 2, REAL: 3, TEXT: 4 };

class TraceProcessor {
  #sequence = 0;
  #received = new Uint8Array();
  #wake = () => {};
  #port;

  constructor(engine) {
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.onmessage = (message) => {
      this.#received = joined(this.#received, message.data);
      this.#wake();
    };
    new Worker(engine).postMessage({ enginePort: channel.port2 }, [channel.port2]);
  }

  /** Reads a whole trace. */
  async load(trace) {
    this.#send(Method.APPEND, bytes(Field.TRACE, utf8(trace)));
    const [appended] = (await this.#reply()).get(Field.APPENDED).map(fields);
    fail(appended);
    this.#send(Method.FINALIZE);
    await this.#reply();
  }

  /** The rows of the answer: arrays of numbers, texts and nulls. */
  async query(sql) {
    this.#send(Method.QUERY, bytes(Field.ARGUMENTS, bytes(1, utf8(sql))));
    let columns = 0;
    const cells = [];
    for (let last = false; !last; ) {
      const [result] = (await this.#reply()).get(Field.RESULT).map(fields);
      fail(result);
      columns += (result.get(1) ?? []).length;
      for (const batch of (result.get(3) ?? []).map(fields)) {
        cells.push(...values(batch));
        last = last || batch.get(6)?.[0] === 1;
      }
    }
    const rows = [];
    for (let i = 0; i < cells.length; i += columns) {
      rows.push(cells.slice(i, i + columns));
    }
    return rows;
  }

  #send(method, parameters = new Uint8Array()) {
    const message = joined(integer(Field.SEQUENCE, this.#sequence++), integer(Field.REQUEST, method), parameters);
    this.#port.postMessage(bytes(1, message));
  }

  /** The fields of the next message. */
  async #reply() {
    for (;;) {
      const reader = new Reader(this.#received);
      const message = reader.ended() ? null : reader.field()[1];
      if (message && reader.position <= this.#received.length) {
        this.#received = this.#received.slice(reader.position);
        return fields(message);
      }
      await new Promise((resolve) => (this.#wake = resolve));
    }
  }
}

/** Reads what protobuf has written. */
class Reader {
  constructor(data) {
    this.data = data;
    this.position = 0;
  }

  ended() {
    return this.position >= this.data.length;
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.data[this.position++];
      value |= BigInt(byte & 0x7f) << shift;
      if (!(byte & 0x80)) {
        return Number(BigInt.asIntN(64, value));
      }
    }
  }

  /** Its number, and its bytes or its value. */
  field() {
    const tag = this.varint();
    return [tag >> 3, (tag & 7) === 2 ? this.take(this.varint()) : this.varint()];
  }

  take(length) {
    this.position += length;
    return this.data.subarray(this.position - length, this.position);
  }
}

/** The values of each field of a message, by its number. */
function fields(message) {
  const found = new Map();
  for (const reader = new Reader(message); !reader.ended(); ) {
    const [number, value] = reader.field();
    found.set(number, [...(found.get(number) ?? []), value]);
  }
  return found;
}

function values(batch) {
  const [types, integers] = [1, 2].map((number) => {
    const found = [];
    for (const reader = new Reader(batch.get(number)?.[0] ?? []); !reader.ended(); ) {
      found.push(reader.varint());
    }
    return found;
  });
  const reals = batch.has(3) ? [...new Float64Array(batch.get(3)[0].slice().buffer)] : [];
  const texts = batch.has(5) ? text(batch.get(5)[0]).split("\0") : [];
  const next = {
    [Cell.NULL]: () => null,
    [Cell.INTEGER]: () => integers.shift(),
    [Cell.REAL]: () => reals.shift(),
    [Cell.TEXT]: () => texts.shift(),
  };
  return types.map((type) => next[type]());
}

/** Throws the error that a result tells of. */
function fail(result) {
  if (result.has(2)) {
    throw new Error(text(result.get(2)[0]));
  }
}

function varint(value) {
  const written = [];
  for (; value > 0x7f; value >>>= 7) {
    written.push((value & 0x7f) | 0x80);
  }
  return [...written, value];
}

function integer(field, value) {
  return [...varint(field << 3), ...varint(value)];
}

function bytes(field, value) {
  return joined(varint((field << 3) | 2), varint(value.length), value);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function utf8(string) {
  return new TextEncoder().encode(string);
}

function text(data) {
  return new TextDecoder().decode(data);
}
