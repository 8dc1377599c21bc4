// Newer versions of Kite Accounts, and what the program says of itself.

/** What is known about newer versions, without asking anybody. */
export interface Updates {
  barrier: '' | 'package' | 'noKey' // why this program doesn't check
  version: string // ours
  result: 'never' | 'newest' | 'newer' | 'unknown' // unknown: the list of releases has expired
  checkedAt: number | null // when a list was read last
  releases: Release[] // newer than ours, newest first
  skipped: boolean // the newest isn't to be told of
}

/** One version that is out. Its texts are plain. */
export interface Release {
  version: string
  date: string // 2026-11-30
  notes: string[]
  security: boolean // it closes a security hole
}

export interface About {
  version: string
  commit: string // short hash; '' for a release
  parts: { name: string; version: string }[] // what it is made of and runs on
  installed: string // a sentence on who updates it
  licences: boolean // openLicences() has a file to open
  dataFolder: string
  sandboxAvailable: boolean
}
