// The calls that the official client makes with a session, whoever answers:
// the sandbox itself, or a gateway before it.
import assert from 'node:assert/strict'

const buy = { exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', validity: 'DAY' }

// exercise reads everything, and leaves no order waiting and no position open.
// It works on an account that was used before.
export async function exercise(kite) {
  await reads(kite)
  await calculates(kite)
  await waits(kite)
  await fills(kite)
  await refuses(kite)
}

async function reads(kite) {
  const profile = await kite.getProfile()
  assert.match(profile.user_id, /^SB\d{4}$/)
  assert.ok(profile.exchanges.includes('NSE'))
  const margins = await kite.getMargins()
  assert.equal(margins.equity.net, margins.equity.available.live_balance)
  assert.deepEqual(await kite.getMargins('equity'), margins.equity)
  for (const holding of await kite.getHoldings()) {
    assert.match(holding.isin, /^INE/)
    assert.equal(holding.quantity + holding.used_quantity, holding.opening_quantity)
  }
  const instruments = await kite.getInstruments()
  assert.ok(instruments.some((i) => i.tradingsymbol === 'INFY' && i.exchange === 'NSE' && i.tick_size === 0.05))
}

// calculates posts JSON, which changes nothing.
async function calculates(kite) {
  const order = { ...buy, variety: 'regular', order_type: 'LIMIT', price: 100, quantity: 2, product: 'CNC' }
  const [margin] = await kite.orderMargins([order])
  assert.equal(margin.total, 200)
  const basket = await kite.orderBasketMargins([order])
  assert.equal(basket.final.total, 200)
}

// waits has an order that the market doesn't reach, changes and cancels it.
async function waits(kite) {
  const { order_id: id } = await kite.placeOrder('regular', {
    ...buy, order_type: 'LIMIT', price: 100, quantity: 1, product: 'CNC', tag: 'npm1',
  })
  assert.equal(typeof id, 'string')
  assert.ok(id.length >= 15)
  assert.deepEqual(await statuses(kite, id), ['PUT ORDER REQ RECEIVED', 'VALIDATION PENDING', 'OPEN'])
  assert.equal((await kite.modifyOrder('regular', id, { price: 101, quantity: 2 })).order_id, id)
  const order = (await kite.getOrders()).find((o) => o.order_id === id)
  assert.equal(order.status, 'OPEN')
  assert.deepEqual([order.price, order.quantity, order.tag, order.modified], [101, 2, 'npm1', true])
  assert.ok(order.order_timestamp instanceof Date && !Number.isNaN(order.order_timestamp.valueOf()))
  assert.equal((await kite.cancelOrder('regular', id)).order_id, id)
  assert.equal((await statuses(kite, id)).at(-1), 'CANCELLED')
  assert.deepEqual(await kite.getOrderTrades(id), [])
}

const statuses = async (kite, id) => (await kite.getOrderHistory(id)).map((o) => o.status)

// fills buys at the market and sells again.
async function fills(kite) {
  const order = { ...buy, order_type: 'MARKET', quantity: 1, product: 'MIS', market_protection: -1 }
  const [before, debits] = [await position(kite), (await kite.getMargins('equity')).utilised.debits]
  const { order_id: id } = await kite.placeOrder('regular', { ...order })
  assert.equal((await statuses(kite, id)).at(-1), 'COMPLETE')
  const [trade] = await kite.getOrderTrades(id)
  assert.equal(trade.quantity, 1)
  assert.ok(trade.average_price > 0)
  assert.ok((await kite.getTrades()).some((t) => t.trade_id === trade.trade_id))
  const held = await position(kite)
  assert.equal(held.quantity, before.quantity + 1)
  assert.equal(held.buy_quantity, before.buy_quantity + 1)
  assert.ok((await kite.getMargins('equity')).utilised.debits > debits)
  await kite.placeOrder('regular', { ...order, transaction_type: 'SELL' })
  assert.equal((await position(kite)).quantity, before.quantity)
}

async function position(kite) {
  const { net } = await kite.getPositions()
  return net.find((p) => p.tradingsymbol === 'INFY' && p.product === 'MIS') ?? { quantity: 0, buy_quantity: 0 }
}

// refuses checks that Kite's own errors arrive.
async function refuses(kite) {
  const order = { ...buy, order_type: 'MARKET', quantity: 1, product: 'CNC', market_protection: -1 }
  await assert.rejects(kite.placeOrder('regular', { ...order, tradingsymbol: 'NOSUCH' }), { error_type: 'InputException' })
  await assert.rejects(kite.placeOrder('regular', { ...order, market_protection: 0 }), { error_type: 'InputException' })
  await assert.rejects(kite.placeOrder('regular', { ...order, transaction_type: 'SELL', quantity: 1000000 }), {
    error_type: 'HoldingException',
  })
  await assert.rejects(kite.getOrderHistory('1'), { message: "Couldn't find that `order_id`." })
}
