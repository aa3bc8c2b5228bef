import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';

/** Node's own report without the two lines that TensorFlow writes when it starts, once for each test file. */
export default async function* quietReporter(events) {
  yield* Readable.from(withoutStartLines(events)).pipe(new spec());
}

async function* withoutStartLines(events) {
  for await (const event of events)
    if (!(event.type === 'test:stderr' && START_LINES.test(event.data.message))) yield event;
}

const START_LINES = /All log messages before absl::InitializeLog|oneDNN custom operations are on/;
