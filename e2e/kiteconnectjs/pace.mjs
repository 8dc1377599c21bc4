// Kite takes ten calls a second of an API key and ten orders a second of a
// client, and its own clients don't wait:
// https://kite.trade/docs/connect/v3/exceptions/#api-rate-limit.
const gap = 150 // ms between two calls

// paced is a client that begins no call sooner than gap after the one before.
export function paced(client) {
  let free = 0
  return new Proxy(client, {
    get(target, name) {
      const member = target[name]
      if (typeof member !== 'function') return member
      return async (...args) => {
        const wait = free - Date.now()
        free = Math.max(free, Date.now()) + gap
        if (wait > 0) await new Promise((done) => setTimeout(done, wait))
        return member.apply(target, args)
      }
    },
  })
}
