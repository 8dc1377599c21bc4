import type { About, Updates } from '../backend/backend'
import { dayAndTime, type Zone } from './time'

/** What is known about newer versions, in a sentence or two. */
export function updateLine({ result, version, checkedAt, releases, skipped }: Updates, now: number, zone: Zone): string {
  const checked = checkedAt === null ? '' : ` Checked ${dayAndTime(checkedAt, now, zone).replace(/ (\d\d:\d\d)$/, ' at $1')}.`
  switch (result) {
    case 'never':
      return 'Not checked yet.'
    case 'newest':
      return `Kite Accounts ${version} is the newest.${checked}`
    case 'unknown':
      return `Whether a newer version is out can’t be told: the list of releases has expired.${checked}`
    case 'newer':
      return `Kite Accounts ${releases[0]?.version ?? ''} is out${skipped ? '; you skipped it' : ''}. You have ${version}.${checked}`
  }
}

/** What a report of a defect should say of the program: nothing of the user's. */
export function aboutDetails({ version, commit, parts, installed }: About): string {
  const lines = [`Kite Accounts ${version}`, ...(commit ? [`Commit: ${commit}`] : []), ...parts.map((p) => `${p.name}: ${p.version}`), installed]
  return `${lines.join('\n')}\n`
}
