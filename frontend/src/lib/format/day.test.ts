import { describe, expect, test } from 'vitest'
import type { DayPicture } from '../backend/backend'
import { anAccount, cutoff, endedAccount, hours, liveAccount, minutes, morning } from '../testing/fixtures'
import { exactTime, marksOf, maxRows, needsLogin, percent, rowsOf, spanOf, summaryOf, ticksOf } from './day'
import { clockTime, fixedZone, ist } from './time'

const closes = morning + minutes(330) // 15:30 IST
const person = (accountName: string) => ({ accountId: accountName, accountName })
const living = (name: string, to = cutoff) => ({ ...person(name), from: morning - hours(1), to })

function picture(change: Partial<DayPicture> = {}): DayPicture {
  return {
    from: morning, to: cutoff, market: [{ from: morning, to: closes }], marketNote: '',
    sessions: [living('Personal'), living('HUF')], idle: [person('Meera')], reminders: [], ...change,
  }
}

describe('the axis', () => {
  const labels = (p: DayPicture, now: number, zone = ist) => ticksOf(spanOf(p, now, zone), zone).map((t) => clockTime(t, zone))

  test('from the full hour before now to the cut-off, every two hours', () => {
    expect(labels(picture(), morning + minutes(24))).toEqual(['10:00', '12:00', '14:00', '16:00', '18:00', '20:00', '22:00', '00:00', '02:00', '04:00', '06:00'])
  })

  test('finer as the cut-off comes near', () => {
    expect(labels(picture(), cutoff - minutes(30))).toEqual(['05:00', '05:15', '05:30', '05:45', '06:00'])
    expect(labels(picture(), cutoff - hours(5))).toEqual(['01:00', '01:30', '02:00', '02:30', '03:00', '03:30', '04:00', '04:30', '05:00', '05:30', '06:00'])
  })

  test('round in the user’s zone; the cut-off keeps its own label and room', () => {
    expect(labels(picture(), morning, fixedZone(60)).slice(-3)).toEqual(['22:00', '00:00', '01:30'])
    expect(labels(picture(), cutoff - hours(3), fixedZone(345))).toEqual(['03:00', '03:30', '04:00', '04:30', '05:00', '05:30', '06:00', '06:15'])
  })

  test('as many as there is room for', () => {
    const few = ticksOf(spanOf(picture(), morning, ist), ist, 6)
    expect(few.map((t) => clockTime(t, ist))).toEqual(['12:00', '16:00', '20:00', '00:00', '06:00'])
  })

  test('a picture that is late never spans nothing', () => {
    const span = spanOf(picture(), cutoff + hours(1), ist)
    expect(span.to - span.from).toBe(hours(1))
  })

  test('percent stays inside', () => {
    const span = { from: 0, to: 200 }
    expect([percent(-5, span), percent(50, span), percent(900, span)]).toEqual([0, 25, 100])
  })
})

describe('marksOf', () => {
  const words = (p: DayPicture, now = morning) => marksOf(p, now).map((m) => [clockTime(m.at, ist), ...m.words])

  test('what comes, in order; one minute is one mark', () => {
    const reminders = [{ at: cutoff - hours(2), text: '2 sessions end at 06:00' }]
    expect(words(picture({ reminders }))).toEqual([
      ['15:30', 'Market closes'],
      ['04:00', 'Reminder: 2 sessions end at 06:00'],
      ['06:00', '2 sessions end: Personal, HUF', 'Kite’s cut-off'],
    ])
  })

  test('the market opens only if it hasn’t', () => {
    const opens = morning - minutes(45)
    const early = picture({ from: morning - hours(2), market: [{ from: opens, to: closes }], sessions: [living('Personal', morning)] })
    expect(words(early, morning - hours(2)).map((w) => w[1])).toEqual(['Market opens', 'Session of Personal ends', 'Market closes', 'Kite’s cut-off'])
    expect(words(early, morning).map((w) => w[1])).toEqual(['Market closes', 'Kite’s cut-off'])
  })

  test('many names are counted', () => {
    const sessions = ['A', 'B', 'C', 'D', 'E', 'F'].map((n) => living(n))
    expect(marksOf(picture({ sessions }), morning).at(-1)?.words[0]).toBe('6 sessions end: A, B, C, D and 2 more')
  })
})

describe('summaryOf', () => {
  const closed = { market: [], marketNote: 'Market closed: Christmas' }
  test.each<[string, Partial<DayPicture>, number, string]>([
    ['some', {}, morning, '2 of 3 accounts ready, until 06:00 · Market open until 15:30'],
    ['all', { idle: [] }, morning, 'All 2 accounts ready, until 06:00 · Market open until 15:30'],
    ['different ends', { sessions: [living('A'), living('B', morning + minutes(48))] }, morning, '2 of 3 accounts ready, the first until 10:48 · Market open until 15:30'],
    ['one ended meanwhile', { sessions: [living('A'), living('B', morning - 1)] }, morning, '1 of 3 accounts ready, until 06:00 · Market open until 15:30'],
    ['none', { sessions: [], ...closed }, morning, 'No session · Market closed: Christmas'],
    ['only one', { sessions: [living('A')], idle: [] }, closes, 'Session until 06:00 · Market closed'],
    ['before it opens', { market: [{ from: closes - minutes(375), to: closes }] }, morning - hours(2), '2 of 3 accounts ready, until 06:00 · Market opens 09:15'],
  ])('%s', (_, change, now, words) => expect(summaryOf(picture(change), now, ist).join(' · ')).toBe(words))
})

test('rows: what ends first on top, idle ones last, the rest counted', () => {
  const sessions = Array.from({ length: 9 }, (_, i) => living(`L${i}`, cutoff - minutes(i)))
  const { rows, more } = rowsOf(picture({ sessions }))
  expect(rows).toHaveLength(maxRows)
  expect(rows[0]?.name).toBe('L8')
  expect(more).toBe(2)
  expect(rowsOf(picture()).rows.map((r) => [r.name, r.to === null])).toEqual([['Personal', false], ['HUF', false], ['Meera', true]])
})

test('exact times name IST abroad only', () => {
  expect(exactTime(closes, morning, ist, true)).toBe('today 15:30')
  expect(exactTime(closes, morning, fixedZone(60), false)).toBe('today 11:00 (15:30 IST)')
})

test('a morning’s round needs who has no session and isn’t left out', () => {
  expect(needsLogin(anAccount(), morning, [])).toBe(true)
  expect(needsLogin(endedAccount('expired'), morning, [])).toBe(true)
  expect(needsLogin(anAccount(), morning, ['a1'])).toBe(false)
  expect(needsLogin(liveAccount(), morning, [])).toBe(false)
  expect(needsLogin(liveAccount(), cutoff, [])).toBe(true)
  expect(needsLogin(anAccount({ loginPhase: 'waiting' }), morning, [])).toBe(false)
})
