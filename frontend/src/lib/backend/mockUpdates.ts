import type { About, Backend, BackendEvent, Updates } from './backend'
import { noUpdates } from './defaults'

// The part of the mock that tells of newer versions and of the program itself.

export interface UpdateSetup {
  updates?: Partial<Updates>
  found?: Partial<Updates> // what a check finds
  about?: Partial<About>
}

type Method = 'updates' | 'checkForUpdates' | 'openReleasePage' | 'skipRelease' | 'about' | 'openLicences'

export function updateMethods(setup: UpdateSetup, now: number, emit: (event: BackendEvent) => void): Pick<Backend, Method> {
  let updates: Updates = { ...noUpdates, version: '1.2.3', ...setup.updates }
  const keep = (part: Partial<Updates>) => {
    updates = { ...updates, ...part }
    emit('update:changed')
    return structuredClone(updates)
  }
  return {
    updates: async () => structuredClone(updates),
    checkForUpdates: async () => keep({ result: 'newest', releases: [], checkedAt: now, ...setup.found }),
    openReleasePage: async () => {},
    skipRelease: async () => void keep({ skipped: true }),
    about: async () => ({
      version: '1.2.3', commit: '',
      parts: [
        { name: 'System', version: 'Debian GNU/Linux 12 (bookworm) (linux/amd64)' }, { name: 'WebKitGTK', version: '2.50.4' },
        { name: 'Go', version: '1.26.0' }, { name: 'Wails', version: '2.15.0' }, { name: 'SQLite', version: '3.53.0' },
      ],
      installed: 'Not installed by a package manager: nothing updates it by itself.', licences: true,
      dataFolder: '/home/asha/.local/share/kite-accounts', sandboxAvailable: true, ...setup.about,
    }),
    openLicences: async () => {},
  }
}
