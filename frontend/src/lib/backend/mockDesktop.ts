import type { Backend, BackendEvent, Desktop, NamedDay, Preferences, TradingDays, WindowRequest } from './backend'
import { defaultPreferences, workingDesktop } from './defaults'

// The half of the mock that keeps preferences and the desktop around the window.

export interface DesktopSetup {
  preferences?: Partial<Preferences>
  tradingDays?: Partial<TradingDays> // the shipped ones
  desktop?: Partial<Desktop>
  request?: WindowRequest | null
}

type Method =
  | 'preferences' | 'setPreferences' | 'tradingDays' | 'desktop' | 'setAutostart' | 'answerAutostart'
  | 'answerClose' | 'quit' | 'takeRequest'

const shippedHolidays: NamedDay[] = [
  { date: '2026-01-26', name: 'Republic Day' },
  { date: '2026-03-03', name: 'Holi' },
  { date: '2026-04-03', name: 'Good Friday' },
  { date: '2026-04-14', name: 'Dr. Baba Saheb Ambedkar Jayanti' },
  { date: '2026-10-02', name: 'Mahatma Gandhi Jayanti' },
  { date: '2026-11-10', name: 'Diwali-Balipratipada' },
  { date: '2026-11-24', name: 'Prakash Gurpurb Sri Guru Nanak Dev' },
  { date: '2026-12-25', name: 'Christmas' },
]
const shippedSessions: NamedDay[] = [{ date: '2026-11-08', name: 'Muhurat trading (Diwali Laxmi Pujan)' }]

export function desktopMethods(setup: DesktopSetup, emit: (event: BackendEvent) => void): Pick<Backend, Method> {
  let preferences: Preferences = { ...defaultPreferences, ...setup.preferences }
  let desktop: Desktop = { ...workingDesktop, ...setup.desktop }
  let request = setup.request ?? null
  const change = (part: Partial<Desktop>) => {
    desktop = { ...desktop, ...part }
    emit('desktop:changed')
  }
  const keep = (p: Preferences) => {
    preferences = structuredClone({ ...p, leadMinutes: [...new Set(p.leadMinutes)].sort((a, b) => b - a) })
    emit('preferences:changed')
    return structuredClone(preferences)
  }
  return {
    preferences: async () => structuredClone(preferences),
    setPreferences: async (p) => keep(p),
    tradingDays: async () => tradingDays(setup.tradingDays, preferences),
    desktop: async () => desktop,
    setAutostart: async (on) => change({ autostart: on }),
    answerAutostart: async (yes) => {
      keep({ ...preferences, autostartOffered: true })
      change({ autostart: yes || desktop.autostart, offerAutostart: false })
    },
    answerClose: async (stay, remember) => {
      if (stay !== null && remember) keep({ ...preferences, onClose: stay ? 'stay' : 'quit' })
    },
    quit: async () => {},
    takeRequest: async () => {
      const taken = request
      request = null
      return taken
    },
  }
}

function tradingDays(setup: Partial<TradingDays> | undefined, p: Preferences): TradingDays {
  const own = (d: NamedDay) => ({ ...d, shipped: false })
  const shipped = (d: NamedDay) => ({ ...d, shipped: true })
  const holidays = setup?.holidays ?? shippedHolidays.map(shipped)
  const all = [...holidays.filter((h) => !p.holidaysRemoved.includes(h.date)), ...p.holidaysAdded.map(own)]
  return {
    holidays: all.sort(byDate),
    specialSessions: [...(setup?.specialSessions ?? shippedSessions.map(shipped)), ...p.specialSessions.map(own)].sort(byDate),
    source: setup?.source ?? 'NSE circular CMTR71775 of 12 December 2025',
    missingYears: (setup?.missingYears ?? [2027]).filter((year) => !p.holidaysAdded.some((h) => h.date.startsWith(`${year}-`))),
  }
}

function byDate(a: NamedDay, b: NamedDay): number {
  return a.date < b.date ? -1 : 1
}
