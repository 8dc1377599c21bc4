import { aFailure, anAccount, family, liveAccount } from '../lib/testing/fixtures'
import type { Preferences } from '../lib/backend/backend'
import type { AppState } from '../lib/state/app'
import { opened, press, story, type, type Story } from './story'

// Preferences and the desktop around the window.

const accounts = family()
const agent = aFailure('EINTERNAL', 'The agent couldn’t be started.', 'Is kitectl installed beside Kite Accounts?')
const blind = aFailure('EDATA', 'The agent can’t read the database.', 'Free some space on the disk, or see the log.')
const noNotices = aFailure('ENOTFOUND', 'No notification service is running.', 'Install or start one, such as notification-daemon.')

/** Opens the page, scrolled to a group. */
function at(group: string) {
  return async (app: AppState) => {
    app.dialogs.preferences()
    await opened()
    await new Promise((resolve) => setTimeout(resolve, 100))
    document.getElementById(`group-${group}`)?.parentElement?.scrollIntoView()
  }
}

const refused = (field: keyof Preferences, message: string) => ({ setPreferences: aFailure('EINVALID', message, '', field) })

const pages: Story[] = [
  story('preferences-top', { accounts }, at('appearance')),
  story('preferences-morning', { accounts }, at('morning')),
  story('preferences-days', { accounts, preferences: { holidaysRemoved: ['2026-12-25'], holidaysAdded: [{ date: '2026-12-31', name: 'A holiday with a name that is a good deal longer than the line it is shown on, so it is cut' }] } }, at('days')),
  story('preferences-days-past', { accounts }, async (app) => {
    await at('days')(app)
    await press('Show 6 past days')
  }),
  story('preferences-bottom', { accounts }, at('history')),
  story('preferences-dark', { accounts, preferences: { theme: 'dark' } }, at('appearance')),
  story('preferences-light', { accounts, preferences: { theme: 'light' } }, at('reminders')),
  story('preferences-never', { preferences: { leadMinutes: [], quietHours: false, morningReminder: false, historyDays: 180 } }, at('reminders')),
  story('preferences-many-leads', { accounts, preferences: { leadMinutes: [1440, 330, 120, 90, 30, 5] } }, at('reminders')),
  story('preferences-history-other', { accounts, preferences: { historyDays: 180 } }, at('history')),
  story('preferences-abroad', { accounts, offsetMinutes: 60 }, at('reminders')),
  story('preferences-abroad-morning', { accounts, offsetMinutes: -300, preferences: { morningAt: 7 * 60 } }, at('morning')),
  story('preferences-invalid', { accounts, failures: refused('leadMinutes', 'Six reminders before a session’s end are enough.') }, async (app) => {
    await at('reminders')(app)
    await press('Remove 30 min before')
    await type('quiet-from', '25:99')
    document.getElementById('quiet-from')?.blur()
  }),
  story('preferences-refused', { accounts, failures: { setPreferences: aFailure('EDATA', 'The preferences couldn’t be saved.', 'Try again. If it stays, see the log.') } }, async (app) => {
    await at('reminders')(app)
    await press('Remove 30 min before')
  }),
  story('preferences-names', {
    accounts: [
      ...accounts,
      liveAccount({ accountId: 'n1', accountName: 'Very long name of an account that goes on and on until eighty characters are full.', clientId: 'ABCDEF123456' }),
      anAccount({ accountId: 'n2', accountName: 'حساب التداول الشخصي (AB)' }),
    ],
    preferences: { loginOrder: ['n1', 'n2'], leftOut: ['a6'] },
  }, at('morning')),
  story('preferences-unread', { accounts, failures: { tradingDays: aFailure('EDATA', 'The preferences couldn’t be read.', 'Try again. If it stays, see the log.') } }, (app) => app.dialogs.preferences()),
  story('preferences-no-tray', { accounts, desktop: { tray: false, autostart: true } }, at('start')),
  story('preferences-agent-blind', { accounts, desktop: { agentFailure: blind } }, at('start')),
  story('preferences-days-none', { accounts, tradingDays: { holidays: [], specialSessions: [] }, preferences: { holidaysRemoved: ['2026-12-25'] } }, at('days')),
  story('preferences-window-watches', { accounts, desktop: { watcher: 'window', tray: false, agentFailure: agent } }, at('start')),
  story('preferences-nothing-works', {
    accounts,
    desktop: { watcher: 'none', tray: false, agentFailure: agent, notificationFailure: noNotices, autostartFailure: aFailure('EDATA', 'The autostart folder can’t be written.', 'See the permissions of ~/.config/autostart.') },
  }, at('start')),
]

const windows: Story[] = [
  story('close-with-tray', { accounts }, (app) => void (app.dialogs.closing = true)),
  story('close-without-tray', { accounts, desktop: { tray: false } }, (app) => void (app.dialogs.closing = true)),
  story('close-unwatched', { accounts, desktop: { watcher: 'window', tray: false, agentFailure: agent } }, (app) => void (app.dialogs.closing = true)),
  story('close-agent-blind', { accounts, desktop: { agentFailure: blind } }, (app) => void (app.dialogs.closing = true)),
  story('window-menu', { accounts }, () => press('Menu')),
  story('autostart-offer', { accounts: accounts.slice(0, 2), desktop: { offerAutostart: true } }),
  story('banner-no-notices', { accounts, desktop: { notificationFailure: noNotices } }),
  story('banner-untold', { accounts, desktop: { notificationFailure: noNotices, untold: ['Personal trading has no session for today', '3 sessions end at 06:00: Personal trading, Intraday options desk, HUF account'] } }),
  story('banner-agent-blind', { accounts, desktop: { agentFailure: blind } }),
  story('banner-window-watches', { accounts, desktop: { watcher: 'window', agentFailure: agent } }),
  story('banners', { accounts, desktop: { watcher: 'none', agentFailure: agent, notificationFailure: noNotices } }),
  story('shown', { accounts, request: { show: 'a5', login: '', loginAll: false, preferences: false } }),
  story('shown-list', { accounts, listPreferences: { view: 'list', sort: 'name' }, request: { show: 'a5', login: '', loginAll: false, preferences: false } }),
  story('shown-gone', { accounts, request: { show: 'gone', login: '', loginAll: false, preferences: false } }),
  story('theme-dark', { accounts, preferences: { theme: 'dark' } }),
  story('theme-light', { accounts, preferences: { theme: 'light' } }),
]

export const desktop: Story[] = [...pages, ...windows]
