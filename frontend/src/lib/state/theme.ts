import type { Preferences } from '../backend/backend'

// The theme is an attribute of the page's root, which tokens.css follows. What
// was chosen last is also kept by the web view, so that the page begins in it
// before the program has answered.

type Theme = Preferences['theme']
const key = 'theme'

/** Shows a theme, and begins with it next time. */
export function showTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  try {
    localStorage.setItem(key, theme)
  } catch {
    // A web view without storage begins in the system's theme.
  }
}

/** The theme shown last. */
export function lastTheme(): Theme {
  try {
    const theme = localStorage.getItem(key)
    return theme === 'light' || theme === 'dark' ? theme : 'system'
  } catch {
    return 'system'
  }
}
