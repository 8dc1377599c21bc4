// Writes what build/count.mjs counts: a line for each test, as go test does.
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (data?.skip || data?.todo || data?.details?.type === 'suite') continue
    if (type === 'test:pass' || type === 'test:fail') {
      yield JSON.stringify({ Test: data.name, Action: type.slice('test:'.length) }) + '\n'
    }
  }
}
