import { beforeEach, expect, test, vi } from 'vitest'
import { lastTheme, showTheme } from './theme'

beforeEach(() => localStorage.clear())

test('the root carries a chosen theme, and none for the system’s', () => {
  showTheme('dark')
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(lastTheme()).toBe('dark')
  showTheme('system')
  expect(document.documentElement.dataset.theme).toBeUndefined()
  expect(lastTheme()).toBe('system')
})

test('begins with the system’s after anything else, and without storage', () => {
  localStorage.setItem('theme', 'purple')
  expect(lastTheme()).toBe('system')
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => { throw new Error('denied') })
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new Error('denied') })
  expect(lastTheme()).toBe('system')
  showTheme('light')
  expect(document.documentElement.dataset.theme).toBe('light')
  showTheme('system')
})
