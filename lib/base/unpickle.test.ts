import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numpyArrayOf, numpyCalls } from './numpyPickle';
import { unpickle } from './unpickle';

// pickle.dumps of Python 3.11, in base64, by protocol: the object that the test below writes out
const plain = [
  'KGRwMApWbnVtYmVycwpwMQoobHAyCkkwCmFJLTIKYUkyNTUKYUk2NTUzNQphSTcwMDAwCmFJLTIxNDc0ODM2NDgKYUwxMDk5NTExNjI3Nzc2TAphTDExODA1OTE2MjA3MTc0MTEzMDM0MjRMCmFMLTExODA1OTE2MjA3MTc0MTEzMDM0MjRMCmFGLTEuNQphSTAxCmFJMDAKYU5hc1Z0dXBsZXMKcDMKKCh0KEkxCnRwNAooSTEKSTIKdHA1CihJMQpJMgpJMwp0cDYKKEkxCkkyCkkzCkk0CnRwNwp0cDgKc1Z0ZXh0CnA5ClbpXHUyMGFjXFUwMDAxZjYwMApwMTAKc1ZieXRlcwpwMTEKY19jb2RlY3MKZW5jb2RlCnAxMgooVlx1MDAwMP8KcDEzClZsYXRpbjEKcDE0CnRwMTUKUnAxNgpzVnR3aWNlCnAxNwoobHAxOAoobHAxOQpWeApwMjAKYWFnMTkKYXNJMQpJMgpzLg==',
  'fXEAKFgHAAAAbnVtYmVyc3EBXXECKEsASv7///9L/03//0pwEQEASgAAAIBMMTA5OTUxMTYyNzc3NkwKTDExODA1OTE2MjA3MTc0MTEzMDM0MjRMCkwtMTE4MDU5MTYyMDcxNzQxMTMwMzQyNEwKR7/4AAAAAAAASTAxCkkwMApOZVgGAAAAdHVwbGVzcQMoKShLAXRxBChLAUsCdHEFKEsBSwJLA3RxBihLAUsCSwNLBHRxB3RxCFgEAAAAdGV4dHEJWAkAAADDqeKCrPCfmIBxClgFAAAAYnl0ZXNxC2NfY29kZWNzCmVuY29kZQpxDChYAwAAAADDv3ENWAYAAABsYXRpbjFxDnRxD1JxEFgFAAAAdHdpY2VxEV1xEihdcRNYAQAAAHhxFGFoE2VLAUsCdS4=',
  'gAJ9cQAoWAcAAABudW1iZXJzcQFdcQIoSwBK/v///0v/Tf//SnARAQBKAAAAgIoGAAAAAAABigkAAAAAAAAAAECKCQAAAAAAAAAAwEe/+AAAAAAAAIiJTmVYBgAAAHR1cGxlc3EDKClLAYVxBEsBSwKGcQVLAUsCSwOHcQYoSwFLAksDSwR0cQd0cQhYBAAAAHRleHRxCVgJAAAAw6nigqzwn5iAcQpYBQAAAGJ5dGVzcQtjX2NvZGVjcwplbmNvZGUKcQxYAwAAAADDv3ENWAYAAABsYXRpbjFxDoZxD1JxEFgFAAAAdHdpY2VxEV1xEihdcRNYAQAAAHhxFGFoE2VLAUsCdS4=',
  'gAN9cQAoWAcAAABudW1iZXJzcQFdcQIoSwBK/v///0v/Tf//SnARAQBKAAAAgIoGAAAAAAABigkAAAAAAAAAAECKCQAAAAAAAAAAwEe/+AAAAAAAAIiJTmVYBgAAAHR1cGxlc3EDKClLAYVxBEsBSwKGcQVLAUsCSwOHcQYoSwFLAksDSwR0cQd0cQhYBAAAAHRleHRxCVgJAAAAw6nigqzwn5iAcQpYBQAAAGJ5dGVzcQtDAgD/cQxYBQAAAHR3aWNlcQ1dcQ4oXXEPWAEAAAB4cRBhaA9lSwFLAnUu',
  'gASVtgAAAAAAAAB9lCiMB251bWJlcnOUXZQoSwBK/v///0v/Tf//SnARAQBKAAAAgIoGAAAAAAABigkAAAAAAAAAAECKCQAAAAAAAAAAwEe/+AAAAAAAAIiJTmWMBnR1cGxlc5QoKUsBhZRLAUsChpRLAUsCSwOHlChLAUsCSwNLBHSUdJSMBHRleHSUjAnDqeKCrPCfmICUjAVieXRlc5RDAgD/lIwFdHdpY2WUXZQoXZSMAXiUYWgPZUsBSwJ1Lg==',
  'gAWVtgAAAAAAAAB9lCiMB251bWJlcnOUXZQoSwBK/v///0v/Tf//SnARAQBKAAAAgIoGAAAAAAABigkAAAAAAAAAAECKCQAAAAAAAAAAwEe/+AAAAAAAAIiJTmWMBnR1cGxlc5QoKUsBhZRLAUsChpRLAUsCSwOHlChLAUsCSwNLBHSUdJSMBHRleHSUjAnDqeKCrPCfmICUjAVieXRlc5RDAgD/lIwFdHdpY2WUXZQoXZSMAXiUYWgPZUsBSwJ1Lg==',
];
// of {'data': np.arange(6, dtype=np.uint8).reshape(2, 3), 'number': np.float64(2.5), 'whole': np.int64(-7), 'f': np.arange(2, dtype=np.float32)}
const arrays = {
  0: 'KGRwMApWZGF0YQpwMQpjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcDIKKGNudW1weQpuZGFycmF5CnAzCihJMAp0cDQKY19jb2RlY3MKZW5jb2RlCnA1CihWYgpwNgpWbGF0aW4xCnA3CnRwOApScDkKdHAxMApScDExCihJMQooSTIKSTMKdHAxMgpjbnVtcHkKZHR5cGUKcDEzCihWdTEKcDE0CkkwMApJMDEKdHAxNQpScDE2CihJMwpWfApwMTcKTk5OSS0xCkktMQpJMAp0cDE4CmJJMDAKZzUKKFZcdTAwMDABAgMEBQpwMTkKZzcKdHAyMApScDIxCnRwMjIKYnNWbnVtYmVyCnAyMwpjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcDI0CihnMTMKKFZmOApwMjUKSTAwCkkwMQp0cDI2ClJwMjcKKEkzClY8CnAyOApOTk5JLTEKSS0xCkkwCnRwMjkKYmc1CihWXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwBEAKcDMwCmc3CnRwMzEKUnAzMgp0cDMzClJwMzQKc1Z3aG9sZQpwMzUKZzI0CihnMTMKKFZpOApwMzYKSTAwCkkwMQp0cDM3ClJwMzgKKEkzCmcyOApOTk5JLTEKSS0xCkkwCnRwMzkKYmc1CihW+f////////8KcDQwCmc3CnRwNDEKUnA0Mgp0cDQzClJwNDQKc1ZmCnA0NQpnMgooZzMKKEkwCnRwNDYKZzkKdHA0NwpScDQ4CihJMQooSTIKdHA0OQpnMTMKKFZmNApwNTAKSTAwCkkwMQp0cDUxClJwNTIKKEkzCmcyOApOTk5JLTEKSS0xCkkwCnRwNTMKYkkwMApnNQooVlx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMIA/CnA1NApnNwp0cDU1ClJwNTYKdHA1Nwpicy4=',
  2: 'gAJ9cQAoWAQAAABkYXRhcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRhcnJheQpxA0sAhXEEY19jb2RlY3MKZW5jb2RlCnEFWAEAAABicQZYBgAAAGxhdGluMXEHhnEIUnEJh3EKUnELKEsBSwJLA4ZxDGNudW1weQpkdHlwZQpxDVgCAAAAdTFxDomIh3EPUnEQKEsDWAEAAAB8cRFOTk5K/////0r/////SwB0cRJiiWgFWAYAAAAAAQIDBAVxE2gHhnEUUnEVdHEWYlgGAAAAbnVtYmVycRdjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcRhoDVgCAAAAZjhxGYmIh3EaUnEbKEsDWAEAAAA8cRxOTk5K/////0r/////SwB0cR1iaAVYCAAAAAAAAAAAAARAcR5oB4ZxH1JxIIZxIVJxIlgFAAAAd2hvbGVxI2gYaA1YAgAAAGk4cSSJiIdxJVJxJihLA2gcTk5OSv////9K/////0sAdHEnYmgFWBAAAADDucO/w7/Dv8O/w7/Dv8O/cShoB4ZxKVJxKoZxK1JxLFgBAAAAZnEtaAJoA0sAhXEuaAmHcS9ScTAoSwFLAoVxMWgNWAIAAABmNHEyiYiHcTNScTQoSwNoHE5OTkr/////Sv////9LAHRxNWKJaAVYCQAAAAAAAAAAAMKAP3E2aAeGcTdScTh0cTlidS4=',
  4: 'gASVcAEAAAAAAAB9lCiMBGRhdGGUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAksDhpRoBYwFZHR5cGWUk5SMAnUxlImIh5RSlChLA4wBfJROTk5K/////0r/////SwB0lGKJQwYAAQIDBAWUdJRijAZudW1iZXKUaAKMBnNjYWxhcpSTlGgOjAJmOJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiQwgAAAAAAAAEQJSGlFKUjAV3aG9sZZRoGGgOjAJpOJSJiIeUUpQoSwNoHE5OTkr/////Sv////9LAHSUYkMI+f////////+UhpRSlIwBZpRoBGgHSwCFlGgJh5RSlChLAUsChZRoDowCZjSUiYiHlFKUKEsDaBxOTk5K/////0r/////SwB0lGKJQwgAAAAAAACAP5R0lGJ1Lg==',
  5: 'gAWVbQEAAAAAAAB9lCiMBGRhdGGUjBNudW1weS5fY29yZS5udW1lcmljlIwLX2Zyb21idWZmZXKUk5QolgYAAAAAAAAAAAECAwQFlIwFbnVtcHmUjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYksCSwOGlIwBQ5R0lFKUjAZudW1iZXKUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwGc2NhbGFylJOUaAiMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDCAAAAAAAAARAlIaUUpSMBXdob2xllGgVaAiMAmk4lImIh5RSlChLA2gZTk5OSv////9K/////0sAdJRiQwj5/////////5SGlFKUjAFmlGgEKJYIAAAAAAAAAAAAAAAAAIA/lGgIjAJmNJSJiIeUUpQoSwNoGU5OTkr/////Sv////9LAHSUYksChZRoD3SUUpR1Lg==',
};
const read = (bytes: Uint8Array, calls?: typeof numpyCalls) => unpickle(bytes, 'file', { calls }).value;
const readArrays = (bytes: Uint8Array) => read(bytes, numpyCalls);
const bytesOf = (base64: string) => Buffer.from(base64, 'base64');

for (const [protocol, base64] of plain.entries())
  test(`what Python writes by protocol ${protocol} comes back`, () => {
    const found = read(bytesOf(base64)) as Map<unknown, unknown>;
    const numbers = [
      0,
      -2,
      255,
      65535,
      70000,
      -(2 ** 31),
      2 ** 40,
      2n ** 70n,
      -(2n ** 70n),
      -1.5,
      true,
      false,
      null,
    ];
    assert.deepEqual(found.get('numbers'), numbers);
    assert.deepEqual(found.get('tuples'), [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]);
    assert.equal(found.get('text'), 'é€😀');
    assert.deepEqual(Buffer.from(found.get('bytes') as Uint8Array), Buffer.from([0, 255]));
    const [a, b] = found.get('twice') as unknown[];
    assert.equal(a, b); // one list, not two
    assert.deepEqual(a, ['x']);
    assert.equal(found.get(1), 2);
  });

test('sets come back, and a pickle that holds itself', () => {
  assert.deepEqual(read(bytesOf('gASVEgAAAAAAAABdlCiPlChLAUsCkChLA5GUZS4=')), [
    new Set([1, 2]),
    new Set([3]),
  ]);
  const itself = read(bytesOf('gAJdcQBoAGEu')) as unknown[]; // a = []; a.append(a)
  assert.equal(itself[0], itself);
});

test('dicts of other classes, sets and bytes come back where they are calls', () => {
  const called = (callee: string, args: string) =>
    read(Buffer.from(`\x80\x02c${callee}\n${args}R.`, 'latin1'));
  assert.deepEqual(called('collections\nOrderedDict', '](U\x01aK\x01\x86e\x85'), new Map([['a', 1]]));
  assert.deepEqual(called('collections\nOrderedDict', ')'), new Map());
  assert.deepEqual(called('collections\nCounter', '}U\x01aK\x02s\x85'), new Map([['a', 2]]));
  assert.deepEqual(called('collections\ndefaultdict', 'c__builtin__\nlist\n\x85'), new Map());
  assert.deepEqual(called('__builtin__\nset', '](K\x01K\x02e\x85'), new Set([1, 2]));
  assert.deepEqual(
    called('__builtin__\nbytearray', 'U\x02a\xffX\x07\0\0\0latin-1\x86'),
    Buffer.from([97, 255]),
  );
});

test("texts of Python 2 have a character for each byte, also in protocol 0's quotes", () => {
  assert.equal(read(Buffer.from('\x80\x02U\x03a\xff\x00.', 'latin1')), 'a\xff\0');
  assert.equal(read(Buffer.from("S'a\\xff\\n\\'b'\np0\n.", 'latin1')), "a\xff\n'b");
});

for (const [protocol, base64] of Object.entries(arrays))
  test(`NumPy's arrays and numbers of protocol ${protocol} come back`, () => {
    const found = readArrays(bytesOf(base64)) as Map<unknown, unknown>;
    const data = numpyArrayOf(found.get('data'));
    assert.deepEqual(
      [data?.shape, data?.dtype, [...(data?.bytes ?? [])]],
      [[2, 3], 'u1', [0, 1, 2, 3, 4, 5]],
    );
    assert.deepEqual(numpyArrayOf(found.get('f'))?.dtype, 'f4');
    assert.deepEqual([found.get('number'), found.get('whole')], [2.5, -7]);
  });

test('code is refused by its name, called or built in any way', () => {
  const programs = {
    'cos\nsystem\n(Vtrue\ntR.': 'os.system',
    'c__builtin__\neval\n(V1\ntR.': '__builtin__.eval',
    '\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.': 'posix.system',
    '\x80\x02cos\npopen\n)\x81.': 'os.popen',
    'cnumpy.testing._private.utils\nrunstring\n(tR.': 'numpy.testing._private.utils.runstring',
    'c__proto__\nx\n(tR.': '__proto__.x',
    'cconstructor\nconstructor\n(tR.': 'constructor.constructor',
  };
  for (const [program, name] of Object.entries(programs))
    assert.throws(() => read(Buffer.from(program, 'latin1')), {
      message: `invalid pickle; holds a ${name}, which is code rather than data: file`,
    });
  assert.throws(() => read(Buffer.from('(ios\nsystem\n.', 'latin1')), /no known instruction at byte 1: file/);
  assert.throws(() => read(Buffer.from('Vid\nP.', 'latin1')), /no known instruction/);
  assert.throws(() => read(Buffer.from('\x80\x02K\x01Q.', 'latin1')), /refers to what lies outside/);
});

test('a pickle cut off anywhere is refused, and one with any bytes changed refused or read', () => {
  for (const base64 of [...plain, ...Object.values(arrays)]) {
    const whole = bytesOf(base64);
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => readArrays(whole.subarray(0, length)), /^InvalidError: invalid pickle; /);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = Buffer.from(whole);
        for (const [at, byte] of changes) changed[at] = byte;
        try {
          readArrays(changed);
        } catch (error) {
          assert.match(String(error), /^InvalidError: invalid pickle; /);
        }
      }),
    );
  }
});

test('an array of another form is refused', () => {
  const protocol2 = bytesOf(arrays[2]).toString('latin1');
  const other = (from: string, to: string) => Buffer.from(protocol2.replace(from, to), 'latin1');
  assert.throws(() => readArrays(other('\x01\x00\x00\x00|', '\x01\x00\x00\x00>')), /big-endian numbers/);
  assert.throws(() => readArrays(other('b\x89h\x05', 'b\x88h\x05')), /column-major order/);
  assert.throws(() => readArrays(other('K\x02K\x03', 'K\x02K\x04')), /an array of 6 bytes for 2×4 u1/);
});
